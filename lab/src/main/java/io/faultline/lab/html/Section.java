package io.faultline.lab.html;

import java.util.List;

/**
 * A part of a page under a heading of its own.
 *
 * @param title its heading
 * @param blocks what it holds
 */
public record Section(String title, List<Block> blocks) {
    /** Copies the list. */
    public Section {
        blocks = List.copyOf(blocks);
    }
}
