package io.faultline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws a run as text: a column for each script, time going down, the step that broke something marked. A line takes 80 to
 * 120 characters, more only when there are very many scripts.
 */
public final class SwimLanes {
    private static final int WIDTH_WANTED = 80;
    private static final int WIDTH_MAX = 120;
    private static final int NARROWEST_COLUMN = 12;
    private static final int MARGIN = 5;
    private static final String GAP = "  ";
    private static final String IDLE = "\u2502";
    private static final String BROKEN = "\u2717";

    private final Performance run;
    private final int columnWidth;

    private SwimLanes(Performance run) {
        this.run = run;
        int columns = Math.max(1, run.columns().size());
        this.columnWidth = columnWidth(columns, longestText());
    }

    /**
     * Draws.
     *
     * @param run any
     * @return lines without line breaks
     */
    public static List<String> of(Performance run) {
        return new SwimLanes(run).lines();
    }

    private int longestText() {
        int longest = 0;
        for (Happening step : run.before()) {
            longest = Math.max(longest, bracketed(step).length());
        }
        for (Happening step : run.happenings()) {
            longest = Math.max(longest, step.toString().length());
        }
        for (String column : run.columns()) {
            longest = Math.max(longest, column.length());
        }
        return longest;
    }

    private static int columnWidth(int columns, int longestText) {
        int wanted = share(columns, WIDTH_WANTED);
        int most = Math.max(NARROWEST_COLUMN, share(columns, WIDTH_MAX));
        return Math.min(most, Math.max(wanted, longestText));
    }

    private static int share(int columns, int width) {
        return (width - MARGIN) / columns - GAP.length();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line("", run.columns()));
        Breach breach = run.breach();
        boolean broken = breach != null && !run.ended();
        for (Happening state : run.before()) {
            add(" ", "", state.column(), bracketed(state), lines);
        }
        for (int index = 0; index < run.steps(); index++) {
            String number = String.format(Locale.ROOT, "%3d", index + 1);
            add(broken && index == run.steps() - 1 ? BROKEN : " ", number, run.happenings().get(index), lines);
        }
        for (Happening step : run.left()) {
            add(run.ended() ? BROKEN : " ", "", step, lines);
        }
        if (breach != null) {
            lines.add(BROKEN + " " + breach);
        }
        return lines;
    }

    /** As commit messages write what is the case and not done. */
    private static String bracketed(Happening state) {
        return "[" + state + "]";
    }

    private void add(String mark, String number, Happening step, List<String> lines) {
        add(mark, number, step.column(), step.toString(), lines);
    }

    private void add(String mark, String number, int inColumn, String text, List<String> lines) {
        List<String> texts = wrapped(text);
        for (int row = 0; row < texts.size(); row++) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < run.columns().size(); column++) {
                cells.add(column == inColumn ? texts.get(row) : IDLE);
            }
            lines.add(line(row == 0 ? mark + number : mark, cells));
        }
    }

    private String line(String margin, List<String> cells) {
        StringBuilder line = new StringBuilder(padded(margin, MARGIN));
        for (String cell : cells) {
            line.append(padded(cell, columnWidth)).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > columnWidth) {
            int space = rest.lastIndexOf(' ', columnWidth);
            int end = space > 0 ? space : columnWidth;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
