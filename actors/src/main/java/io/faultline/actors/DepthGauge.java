package io.faultline.actors;

import java.util.concurrent.atomic.AtomicLong;

/** The greatest depth that any queue of one kind has had. Thread-safe. */
final class DepthGauge {
    private final AtomicLong peak = new AtomicLong();

    void record(long depth) {
        if (depth > peak.get()) {
            peak.accumulateAndGet(depth, Math::max);
        }
    }

    long peak() {
        return peak.get();
    }
}
