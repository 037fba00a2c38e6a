package io.faultline.source;

import io.faultline.memory.ChunkedLongs;

/** One bit per base page, in parts that come into being when first set. Thread-safe. */
final class PageBits {
    private static final int WORD_SHIFT = 6;

    private final ChunkedLongs words;

    PageBits(long basePages) {
        words = new ChunkedLongs((basePages + Long.SIZE - 1) >>> WORD_SHIFT);
    }

    boolean get(long page) {
        return (words.getAcquire(page >>> WORD_SHIFT) & 1L << page) != 0;
    }

    void set(long first, long count) {
        for (long page = first; page < first + count; page = nextWord(page)) {
            words.setBits(page >>> WORD_SHIFT, bitsOfWord(page, first + count));
        }
    }

    void clear(long first, long count) {
        for (long page = first; page < first + count; page = nextWord(page)) {
            words.clearBits(page >>> WORD_SHIFT, bitsOfWord(page, first + count));
        }
    }

    private static long nextWord(long page) {
        return ((page >>> WORD_SHIFT) + 1) << WORD_SHIFT;
    }

    /** The bits of the page's word from the page on and before the end. */
    private static long bitsOfWord(long page, long end) {
        long from = -1L << page;
        return end >= nextWord(page) ? from : from & ~(-1L << end);
    }
}
