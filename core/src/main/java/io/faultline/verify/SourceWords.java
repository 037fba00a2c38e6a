package io.faultline.verify;

import io.faultline.memory.ChunkedLongs;

/**
 * The first word of every base page as its source gives it, remembered when first asked for, so that verifying a hit
 * needs no read of the source. Thread-safe: whoever sets a page's word sets the same one.
 */
final class SourceWords {
    private final ChunkedLongs words;
    /** One bit per page: any value may be a word, so none can mean "not known". */
    private final ChunkedLongs known;

    SourceWords(long pages) {
        words = new ChunkedLongs(pages);
        known = new ChunkedLongs((pages + Long.SIZE - 1) / Long.SIZE);
    }

    boolean isKnown(long page) {
        return (known.getAcquire(page / Long.SIZE) & 1L << page) != 0;
    }

    /** Only after {@link #isKnown} said so. */
    long word(long page) {
        return words.getAcquire(page);
    }

    void remember(long page, long word) {
        words.setRelease(page, word);
        known.setBits(page / Long.SIZE, 1L << page);
    }
}
