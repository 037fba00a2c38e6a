package io.faultline.lab.html;

import java.util.Arrays;

/** Points of a chart that belong together. Immutable. */
public final class Series {
    /** How points are drawn. */
    public enum Look {
        /** A line from point to point. */
        LINE,
        /** From each point on level with it until the next, and filled: the bars of a histogram, or a CDF. */
        STEP,
        /** As a line, filled, on top of the areas before it. */
        STACKED,
        /** Each by itself. */
        POINTS
    }

    private final String name;
    private final Look look;
    private final boolean muted;
    private final double[] xs;
    private final double[] ys;

    private Series(String name, Look look, boolean muted, double[] xs, double[] ys) {
        if (xs.length != ys.length) {
            throw new IllegalArgumentException(name + " has " + xs.length + " xs, but " + ys.length + " ys");
        }
        this.name = name;
        this.look = look;
        this.muted = muted;
        this.xs = xs.clone();
        this.ys = ys.clone();
    }

    /**
     * Points drawn as they should be.
     *
     * @param name for the legend
     * @param look how they are drawn
     * @param xs of each point; in order unless drawn as points
     * @param ys of each point; NaN where there is none
     * @throws IllegalArgumentException when there are not as many xs as ys
     */
    public static Series of(String name, Look look, double[] xs, double[] ys) {
        return new Series(name, look, false, xs, ys);
    }

    /** A line from point to point. */
    public static Series line(String name, double[] xs, double[] ys) {
        return new Series(name, Look.LINE, false, xs, ys);
    }

    /** The bars of a histogram: each from its x to the next. */
    public static Series step(String name, double[] xs, double[] ys) {
        return new Series(name, Look.STEP, false, xs, ys);
    }

    /** An area on top of those before it. */
    public static Series stacked(String name, double[] xs, double[] ys) {
        return new Series(name, Look.STACKED, false, xs, ys);
    }

    /** Points by themselves. */
    public static Series points(String name, double[] xs, double[] ys) {
        return new Series(name, Look.POINTS, false, xs, ys);
    }

    /**
     * The share of values that are at most x, as steps.
     *
     * @param values in any order
     */
    public static Series cdf(String name, double[] values) {
        double[] xs = values.clone();
        Arrays.sort(xs);
        double[] ys = new double[xs.length];
        Arrays.setAll(ys, index -> (index + 1.0) / xs.length);
        return new Series(name, Look.STEP, false, xs, ys);
    }

    /** The same in grey: there, but not what the chart is about. */
    public Series inGrey() {
        return new Series(name, look, true, xs, ys);
    }

    /** Its name, for the legend. */
    public String name() {
        return name;
    }

    /** How it is drawn. */
    public Look look() {
        return look;
    }

    /** Whether it is drawn in grey. */
    public boolean muted() {
        return muted;
    }

    /** A copy of the points' xs. */
    public double[] xs() {
        return xs.clone();
    }

    /** A copy of the points' ys; NaN where there is none. */
    public double[] ys() {
        return ys.clone();
    }
}
