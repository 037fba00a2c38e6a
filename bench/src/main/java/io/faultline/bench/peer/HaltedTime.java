package io.faultline.bench.peer;

import io.faultline.time.NanoClock;

/** How often and how long one vCPU was halted: the machine measures every fault, so its peers do. Not thread-safe. */
final class HaltedTime {
    private static final NanoClock CLOCK = NanoClock.monotonic();

    private long faults;
    private long nanos;
    private long haltedNanos;

    void halt() {
        faults++;
        haltedNanos = CLOCK.nanos();
    }

    void resume() {
        nanos += CLOCK.nanos() - haltedNanos;
    }

    long faults() {
        return faults;
    }

    long nanos() {
        return nanos;
    }
}
