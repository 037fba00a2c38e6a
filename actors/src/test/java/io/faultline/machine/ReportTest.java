package io.faultline.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void shouldHoldItsInvariantsWhenEveryFaultIsAccountedFor() {
        assertThat(report(faults(10, 7, 3, 0), 0, 0, 8, List.of()).invariantsHeld()).isTrue();
    }

    @Test
    void shouldNotCountAFaultThatFailedByDesignAsABrokenInvariant() {
        assertThat(report(faults(10, 0, 10, 0), 0, 0, 8, List.of()).brokenInvariants()).isEmpty();
    }

    @Test
    void shouldNameEveryInvariantThatDidNotHold() {
        Report report = report(faults(10, 5, 3, 1), 2, 4, 9, List.of("O1 broken at page 7"));

        assertThat(report.invariantsHeld()).isFalse();
        assertThat(report.brokenInvariants()).containsExactly(
                "faults.lost is 1, must be 0: vCPUs still halted when the machine was idle",
                "pages.corrupt is 2, must be 0: reads that saw other bytes than they must",
                "flush.violations is 4, must be 0: broken invariants of the safety oracle",
                "faults.raised is 10, but resolved + failed + lost is 9", "io.inFlightPeak is 9, must not exceed 8",
                "O1 broken at page 7");
    }

    @Test
    void shouldNameAQueueThatOutgrewItsBound() {
        Report held = report(faults(0, 0, 0, 0), 0, 0, 0, List.of());
        Report outgrown = new Report(held.world(), held.seed(), held.vcpus(), held.memslots(), held.memoryBytes(),
                held.wallNanos(), held.virtualNanos(), held.traceHash(), held.accesses(), held.faults(), held.pages(),
                held.io(), held.flush(), List.of(new QueueReport("fetcher", 65, 64)), held.chaos(), held.violations(),
                0);

        assertThat(outgrown.brokenInvariants())
                .containsExactly("queues.fetcher.depthPeak is 65, must not exceed 64");
    }

    @Test
    void shouldWriteATraceHashWithAllItsDigits() {
        assertThat(Report.traceHash(-1)).isEqualTo("ffffffffffffffff");
        assertThat(Report.traceHash(0x1f)).isEqualTo("000000000000001f");
    }

    @Test
    void shouldGiveARatePerSecondAndZeroWhenNoTimePassed() {
        assertThat(Report.perSecond(3, 2_000_000_000L)).isEqualTo(1.5);
        assertThat(Report.perSecond(3, 0)).isZero();
    }

    private static FaultReport faults(long raised, long resolved, long failed, long lost) {
        return new FaultReport(raised, resolved, failed, lost, 0, 0, 0, 0, raised, 0, 0, 1, 1.0, Percentiles.NONE,
                List.of(), StageNanos.NONE, List.of());
    }

    private static Report report(FaultReport faults, long corrupt, long flushViolations, long inFlightPeak,
            List<String> violations) {
        FlushReport idle = FlushReport.idle("strict");
        FlushReport flush = new FlushReport(idle.policy(), 0, 0, 0, 0, 0, flushViolations, Percentiles.NONE,
                Percentiles.NONE, Percentiles.NONE, 0);
        return new Report("threads", 1, 4, 2, 1 << 20, 1_000, 0, null, new AccessReport(20, 20, 6, 10, 10, 0), faults,
                new PageReport(7, 0, 0, 13, corrupt), new IoReport(7, 7 << 12, 0, inFlightPeak, 8), flush, List.of(),
                Map.of(), violations, 0);
    }
}
