package io.faultline.shootdown;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushRequest;
import io.faultline.time.NanoClock;

/** What waits for its release, over all CPUs. Not thread-safe: it belongs to the loop. */
final class Quarantine {
    private final NanoClock clock;
    private final PeakSeries frames = new PeakSeries();
    private final PeakSeries rangeBytes = new PeakSeries();

    Quarantine(NanoClock clock) {
        this.clock = clock;
    }

    void begins(FlushRequest request, int freed) {
        add(freed, rangeBytes(request));
    }

    void ends(FlushRequest request, int freed) {
        add(-freed, -rangeBytes(request));
    }

    /** A range that was only protected is in use all the time. */
    private static long rangeBytes(FlushRequest request) {
        return request.kind() == ChangeKind.PROTECT ? 0 : request.end() - request.start();
    }

    private void add(long frameCount, long bytes) {
        long nowNanos = clock.nanos();
        frames.add(frameCount, nowNanos);
        rangeBytes.add(bytes, nowNanos);
    }

    QuarantineReport report() {
        long nowNanos = clock.nanos();
        return new QuarantineReport(frames.peak(), rangeBytes.peak(), frames.slotNanos(), frames.values(nowNanos),
                rangeBytes.values(nowNanos));
    }
}
