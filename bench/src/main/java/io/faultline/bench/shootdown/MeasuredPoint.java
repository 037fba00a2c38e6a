package io.faultline.bench.shootdown;

import java.util.List;

import io.faultline.shootdown.MemoryCall;

/**
 * A call that was measured: Linux 6.18, a guest with 2 vCPUs on Zen 4, medians.
 *
 * @param call which
 * @param pages how many
 * @param aloneNanos while no other CPU ran the process
 * @param besideNanos while another one did
 */
record MeasuredPoint(MemoryCall call, int pages, double aloneNanos, double besideNanos) {
    static final List<MeasuredPoint> ALL = List.of(
            micros(MemoryCall.MOVE_IN, 1, 1.02, 9.54),
            micros(MemoryCall.MOVE_IN, 8, 1.75, 10.1),
            micros(MemoryCall.MOVE_IN, 16, 2.54, 11.1),
            micros(MemoryCall.MOVE_IN, 33, 4.25, 12.8),
            micros(MemoryCall.MOVE_IN, 34, 3.19, 11.6),
            micros(MemoryCall.MOVE_IN, 512, 34.0, 45.1),
            micros(MemoryCall.COPY, 1, 1.41, 1.91),
            micros(MemoryCall.COPY, 16, 12.3, 12.6),
            micros(MemoryCall.COPY, 512, 338, 340),
            micros(MemoryCall.MPROTECT, 1, 1.85, 10.9));

    private static MeasuredPoint micros(MemoryCall call, int pages, double alone, double beside) {
        return new MeasuredPoint(call, pages, alone * 1e3, beside * 1e3);
    }

    /** {@return the call as people know it} */
    String name() {
        return switch (call) {
            case MOVE_IN, MOVE_OUT -> "MOVE";
            case COPY -> "COPY";
            case MPROTECT -> "mprotect(RO)";
            case MUNMAP -> "munmap";
            case DISCARD -> "MADV_DONTNEED";
        };
    }
}
