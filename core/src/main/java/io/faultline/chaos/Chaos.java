package io.faultline.chaos;

import io.faultline.time.SplitMix;

/**
 * Decides of each operation whether it fails on purpose. The answer is a hash of the seed, the kind and what identifies the
 * operation, so it is the same on every thread, in every world and however often it is asked; nothing is counted here.
 *
 * <p>Immutable and thread-safe. There is one class and no interface, so that calls are inlined; a kind that never happens
 * costs one comparison.
 */
public final class Chaos {
    /** Nothing fails on purpose. */
    public static final Chaos NONE = new Chaos(ChaosSpec.NONE, 0, 0);

    /** What {@link #answerAfterNanos} says of a read that never answers. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long SALT = 0x6368616f73L;
    private static final int FRACTION_BITS = 53;
    /** 73 years: two of them together are still less than {@link #NEVER}. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    /** By kind: hit when the hash's top 53 bits are less. 0 never is. */
    private final long[] thresholds = new long[ChaosKind.values().length];
    private final long[] keys = new long[thresholds.length];
    private final boolean on;
    private final long delayNanos;
    private final long stallNanos;

    private Chaos(ChaosSpec spec, long seed, long fetchTimeoutNanos) {
        var random = new SplitMix(seed).split(SALT);
        for (ChaosKind kind : ChaosKind.values()) {
            thresholds[kind.index()] = (long) Math.scalb(spec.rate(kind), FRACTION_BITS);
            keys[kind.index()] = random.split(kind.index()).nextLong();
        }
        on = !spec.isNone();
        delayNanos = Math.min(LONGEST_NANOS, spec.nanos(ChaosKind.FETCH_DELAY, fetchTimeoutNanos));
        stallNanos = Math.min(LONGEST_NANOS, spec.nanos(ChaosKind.FETCH_STALL, fetchTimeoutNanos));
    }

    /**
     * Makes what decides for a run.
     *
     * @param spec which kinds, and how often
     * @param seed of the run
     * @param fetchTimeoutNanos after which a fetch is given up
     * @return {@link #NONE} when nothing is to fail
     */
    public static Chaos of(ChaosSpec spec, long seed, long fetchTimeoutNanos) {
        return spec.isNone() ? NONE : new Chaos(spec, seed, fetchTimeoutNanos);
    }

    /** Tells whether anything can fail on purpose. */
    public boolean isOn() {
        return on;
    }

    /**
     * Tells whether a kind can happen at all, so that what it needs can be left out where it cannot.
     *
     * @param kind any
     */
    public boolean isOn(ChaosKind kind) {
        return thresholds[kind.index()] != 0;
    }

    /**
     * Tells whether a read or a save fails.
     *
     * @param kind one {@link ChaosKind#isOfPages of pages}
     * @param page the first page of the operation
     * @param attempt tells apart the operations of one page: counted over its whole life it gives each fetch a fresh
     *        draw; counted anew for each fault, the same pages fail each time
     */
    public boolean hits(ChaosKind kind, long page, long attempt) {
        assert kind.isOfPages() : kind + " is keyed by its actor's messages";
        long threshold = thresholds[kind.index()];
        return threshold != 0 && draw(kind, page, attempt) < threshold;
    }

    /**
     * Tells whether an actor crashes on a message.
     *
     * @param kind one that is not {@link ChaosKind#isOfPages of pages}
     * @param actor its index among its like
     * @param incarnation how often it was replaced; without it a replacement would crash where its predecessor did
     * @param message how many messages this incarnation has handled before
     */
    public boolean crashes(ChaosKind kind, int actor, int incarnation, long message) {
        assert !kind.isOfPages() : kind + " is keyed by page and attempt";
        long threshold = thresholds[kind.index()];
        return threshold != 0 && draw(kind, ((long) incarnation << Integer.SIZE) | actor, message) < threshold;
    }

    /**
     * Tells how much later than otherwise a read answers: by the delay, by the stall, by both together when both hit it, or
     * never.
     *
     * @param page the first page read
     * @param attempt as for {@link #hits}
     * @return nanoseconds, mostly 0, or {@link #NEVER}
     */
    public long answerAfterNanos(long page, long attempt) {
        if (!on) {
            return 0;
        }
        if (hits(ChaosKind.FETCH_DEAD, page, attempt)) {
            return NEVER;
        }
        return (hits(ChaosKind.FETCH_DELAY, page, attempt) ? delayNanos : 0)
                + (hits(ChaosKind.FETCH_STALL, page, attempt) ? stallNanos : 0);
    }

    /** 53 uniform bits. Each part is stirred before the next is added, so that (1, 2) and (2, 1) have nothing in common. */
    private long draw(ChaosKind kind, long first, long second) {
        long stirred = SplitMix.mix(SplitMix.mix(keys[kind.index()] + first) + second);
        return stirred >>> (Long.SIZE - FRACTION_BITS);
    }
}
