package io.faultline.lab.html;

import java.util.List;

/**
 * A page.
 *
 * @param title in the browser's tab and on top
 * @param subtitle below it, in a line or two
 * @param head what is to be seen before anything else
 * @param sections what follows
 * @param foot the last line
 */
public record Page(String title, String subtitle, List<Block> head, List<Section> sections, String foot) {
    /** Copies the lists. */
    public Page {
        head = List.copyOf(head);
        sections = List.copyOf(sections);
    }

    /** The whole file, to be written as UTF-8; the same page gives the same text. */
    public String html() {
        return new PageWriter().write(this);
    }

    /** Whether there is anything to draw. */
    boolean hasCharts() {
        return haveCharts(head) || sections.stream().anyMatch(section -> haveCharts(section.blocks()));
    }

    private static boolean haveCharts(List<Block> blocks) {
        return blocks.stream()
                .anyMatch(block -> block instanceof Block.Drawn
                        || (block instanceof Block.Folded(var _, var inside) && haveCharts(inside)));
    }
}
