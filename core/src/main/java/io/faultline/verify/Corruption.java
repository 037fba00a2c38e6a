package io.faultline.verify;

/**
 * A read that saw what it must not have seen.
 *
 * @param page the base page that was read
 * @param frame the frame that was read for it
 * @param kind what is wrong with it
 * @param description what was expected and what was found, on one line
 */
public record Corruption(long page, long frame, Kind kind, String description) {
    /** What is wrong with a page. */
    public enum Kind {
        /** Writes that had completed before the read are not there: lost, or the page is an old one. */
        WRITES_MISSING,
        /** There are more writes than had started by the end of the read. */
        WRITES_EXTRA,
        /** The first word is no sum of the source's and any writes: another page's, zero or garbage. */
        WORD_FOREIGN,
        /** The first word is right and bytes after it differ from the source's: a torn page. */
        BYTES_DIFFER
    }

    @Override
    public String toString() {
        return "page " + page + " in frame " + frame + ": " + description;
    }
}
