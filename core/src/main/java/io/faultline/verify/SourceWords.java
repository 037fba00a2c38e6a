package io.faultline.verify;

import io.faultline.memory.ChunkedLongs;

/**
 * The first word of every base page as its source gives it, remembered when first asked for, so that verifying a hit
 * needs no read of the source. Thread-safe: whoever sets a page's word sets the same one.
 */
final class SourceWords {
    /**
     * What a word is combined with, so that zero can mean "not known". Any value may be a word, this one too: a page that
     * begins with it is never known, and is asked for again each time.
     */
    private static final long MASK = 0x5FA1_7C0D_E5EE_D5A1L;

    private final ChunkedLongs masked;

    SourceWords(long pages) {
        masked = new ChunkedLongs(pages);
    }

    boolean isKnown(long page) {
        return masked.getAcquire(page) != 0;
    }

    /** The page's word, or when it is not known a word that no page but one never known has. */
    long word(long page) {
        return masked.getAcquire(page) ^ MASK;
    }

    void remember(long page, long word) {
        masked.setRelease(page, word ^ MASK);
    }
}
