package io.faultline.lab;

import java.util.List;
import java.util.Map;

import io.faultline.machine.AccessReport;
import io.faultline.machine.FaultReport;
import io.faultline.machine.FlushReport;
import io.faultline.machine.IoReport;
import io.faultline.machine.LatencyBucket;
import io.faultline.machine.PageReport;
import io.faultline.machine.Percentiles;
import io.faultline.machine.QueueReport;
import io.faultline.machine.Report;
import io.faultline.machine.SlowFault;
import io.faultline.machine.StageNanos;
import org.jspecify.annotations.Nullable;

/** Reports as a run might have given them. */
final class Reports {
    private Reports() {}

    /** On threads, everything well. */
    static Report held() {
        return report("threads", 0, null, faults(0), FlushReport.idle("strict"), List.of(), 2_310_000_000L);
    }

    /** In virtual time, with flushes, everything well. */
    static Report virtual(long wallNanos) {
        FlushReport flush = new FlushReport("strict", 78_643, 78_643, 12_345_678, 156.98, 12, 0,
                new Percentiles(2_100, 4_200, 9_900, 12_345, 2_300),
                new Percentiles(1_900, 4_000, 9_800, 12_000, 2_000),
                new Percentiles(500, 900, 1_200, 4_000, 510), 17);
        return report("virtual", 123_456_789, "0123456789abcdef", faults(0), flush, List.of(), wallNanos);
    }

    /** In virtual time, where nothing cost any. */
    static Report timeless() {
        FaultReport faults = new FaultReport(4_096, 4_096, 0, 0, 0, 0, 0, 0, 4_096, 0, 0, 61, 0, Percentiles.NONE,
                List.of(new LatencyBucket(1, 4_096)), StageNanos.NONE,
                List.of(new SlowFault(0, 0, 0, "MISSING", 0, 0, StageNanos.NONE)));
        return report("virtual", 0, "0123456789abcdef", faults, FlushReport.idle("strict"), List.of(), 2_310_000_000L);
    }

    /** On threads, with vCPUs lost and more violations than fit on a screen. */
    static Report broken(long lost) {
        List<String> violations =
                List.of("O1: page 7 freed while CPU 3 could still reach it", "O1: page 8", "O1: page 9",
                        "O1: page 10", "O1: page 11", "O1: page 12", "O1: page 13", "O1: page 14", "O1: page 15",
                        "O1: page 16");
        return report("threads", 0, null, faults(lost), FlushReport.idle("strict"), violations, 2_310_000_000L);
    }

    private static FaultReport faults(long lost) {
        return new FaultReport(262_144 + lost, 262_144, 0, lost, 1_024, 12, 3, 0, 262_144 + lost, 0, 0, 4_096,
                113_482.2511, new Percentiles(1_200_000, 3_400_000, 5_000_000, 7_123_456, 1_350_000),
                List.of(new LatencyBucket(200_000, 12), new LatencyBucket(500_000, 40_000),
                        new LatencyBucket(1_000_000, 0), new LatencyBucket(2_000_000, 200_000),
                        new LatencyBucket(5_000_000, 22_000), new LatencyBucket(10_000_000, 132)),
                new StageNanos(450_123, 12_000, 800_456, 80_000, 7_421),
                List.of(new SlowFault(123_456, 30, 1_929, "MISSING", 1_000_000, 7_123_456,
                        new StageNanos(100_000, 10_000, 7_000_000, 10_000, 3_456))));
    }

    private static Report report(String world, long virtualNanos, @Nullable String traceHash, FaultReport faults,
            FlushReport flush, List<String> violations, long wallNanos) {
        return new Report(world, 1, 4_096, 64, 1L << 30, wallNanos, virtualNanos, traceHash,
                new AccessReport(1_048_576, 1_048_576, 314_574, 786_432, 262_144, 0), faults,
                new PageReport(262_144, 0, 0, 734_002, 0), new IoReport(262_144, 1L << 30, 3, 256, 256), flush,
                List.of(new QueueReport("fetcher", 128, 128)), Map.of(), violations, 12_345);
    }
}
