package io.faultline.world.internal;

import io.faultline.time.SplitMix;

/** A running 64-bit hash of what a loop did. Order matters; nothing that differs between two JVMs may enter. */
final class TraceHash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private long state;

    void fold(long value) {
        state = (Long.rotateLeft(state, 23) ^ value) * MULTIPLIER;
    }

    void reset() {
        state = 0;
    }

    long value() {
        return SplitMix.mix(state);
    }
}
