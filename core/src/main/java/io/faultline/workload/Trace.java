package io.faultline.workload;

import java.util.Arrays;

/** A program's accesses in their order, four bytes each: the page's number, doubled, plus one for a write. Immutable. */
final class Trace {
    private final int[] accesses;
    private final int pages;
    private final int writes;

    private Trace(int[] accesses, int pages) {
        this.accesses = accesses;
        this.pages = pages;
        writes = (int) Arrays.stream(accesses).filter(access -> (access & 1) != 0).count();
    }

    /** Returns how many accesses there are. */
    int length() {
        return accesses.length;
    }

    /** Returns how many different pages they touch: those numbered from 0 to one less. */
    int pages() {
        return pages;
    }

    /** Returns how many of the accesses write. */
    int writes() {
        return writes;
    }

    int page(int index) {
        return accesses[index] >>> 1;
    }

    boolean isWrite(int index) {
        return (accesses[index] & 1) != 0;
    }

    /** Collects accesses; numbers their pages by first touch. Not thread-safe. */
    static final class Builder {
        private static final int LENGTH_AT_FIRST = 1 << 12;

        private final FirstTouchNumbers numbers = new FirstTouchNumbers();
        private final int mostAccesses;
        private int[] accesses = new int[LENGTH_AT_FIRST];
        private int length;

        /**
         * @param mostAccesses how many fit, less than 2^30: then no page's number outgrows its 30 bits either
         */
        Builder(int mostAccesses) {
            assert mostAccesses < 1 << 30 : mostAccesses;
            this.mostAccesses = mostAccesses;
        }

        int mostAccesses() {
            return mostAccesses;
        }

        boolean isFull() {
            return length == mostAccesses;
        }

        void add(long page, boolean write) {
            if (length == accesses.length) {
                accesses = Arrays.copyOf(accesses, (int) Math.min(2L * length, mostAccesses));
            }
            accesses[length++] = numbers.number(page) << 1 | (write ? 1 : 0);
        }

        Trace build() {
            return new Trace(Arrays.copyOf(accesses, length), numbers.count());
        }
    }
}
