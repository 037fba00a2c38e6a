package io.faultline.memslot;

import java.util.Arrays;

/** A bit per base page of a memslot: written since the log was last taken. Not thread-safe; the memslot owns it. */
final class DirtyLog {
    private final long[] bits;

    DirtyLog(long pages) {
        bits = new long[Math.toIntExact((pages + Long.SIZE - 1) / Long.SIZE)];
    }

    void mark(long firstPage, long pages) {
        for (long page = firstPage; page < firstPage + pages; page++) {
            bits[(int) (page / Long.SIZE)] |= 1L << page;
        }
    }

    /** Returns the whole bitmap and clears it. */
    long[] take() {
        long[] taken = bits.clone();
        Arrays.fill(bits, 0);
        return taken;
    }
}
