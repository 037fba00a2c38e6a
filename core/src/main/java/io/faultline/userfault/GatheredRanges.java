package io.faultline.userfault;

import java.util.Arrays;

/** Address ranges in the order in which they came, neighbours as one. Not thread-safe. */
final class GatheredRanges {
    /** Takes a range. */
    @FunctionalInterface
    interface Taker {
        void range(long start, long end);
    }

    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int count;

    void add(long start, long end) {
        if (count > 0 && starts[count - 1] <= start && start <= ends[count - 1]) {
            ends[count - 1] = Math.max(ends[count - 1], end);
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        count++;
    }

    /** Hands all of them over and forgets them. */
    void take(Taker taker) {
        int taken = count;
        count = 0;
        for (int range = 0; range < taken; range++) {
            taker.range(starts[range], ends[range]);
        }
    }
}
