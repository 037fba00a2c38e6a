package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlushStatisticsTest {
    private static final int ASID = 1;

    private long now;
    private final FlushDomain domain = new FlushDomain(4);
    private final FlushStatistics statistics = new FlushStatistics();
    private final RecordingHost host = new RecordingHost();

    @Test
    void shouldCountWhatPassesThePorts() {
        var policy = statistics.measuring(FlushPolicies.strict(), () -> now);
        var initiator = policy.initiator(0, domain, host);
        var parts = new CpuPart[3];
        for (int cpu = 0; cpu < parts.length; cpu++) {
            parts[cpu] = policy.cpuPart(cpu, domain, host);
            parts[cpu].switchBegins(ASID);
            parts[cpu].switchEnds();
        }
        now = 1000;
        domain.space(ASID).changeBegins();
        initiator.request(FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 8 * 4096)
                .cpu(0)
                .pagesPresent(6)
                .framesFreed(6)
                .changed(0, 400)
                .build());
        assertThat(statistics.quarantinePages()).isEqualTo(6);
        for (int cpu = 0; cpu < parts.length; cpu++) {
            parts[cpu].ipi(host.lastCommand());
            initiator.acknowledged(cpu, host.lastCommand().ticket());
        }
        statistics.victimStolen(5300);

        assertThat(statistics.requests()).isEqualTo(1);
        assertThat(statistics.batches()).isEqualTo(1);
        assertThat(statistics.ipis()).as("its own CPU needs none").isEqualTo(2);
        assertThat(statistics.ipisPerPage()).isEqualTo(2.0 / 6);
        assertThat(statistics.rangeFlushes()).isEqualTo(3);
        assertThat(statistics.strictTargets()).isEqualTo(2);
        assertThat(statistics.sparedShare()).isZero();
        assertThat(statistics.overflows()).isZero();
        assertThat(statistics.fullFlushes()).isZero();
        assertThat(statistics.quarantinePages()).isZero();
        assertThat(statistics.quarantinePeakPages()).isEqualTo(6);
        assertThat(statistics.stalenessNanos().getMaxValue()).isBetween(596L, 604L);
        assertThat(statistics.initiatorStallNanos().getTotalCount()).isEqualTo(1);
        assertThat(statistics.victimStolenNanos().getMaxValue()).isBetween(5250L, 5350L);
    }

    @Test
    void shouldSeeADeferredRequestCompleteEarlyAndSettleLate() {
        var policy = statistics.measuring(FlushPolicies.ring(2), () -> now);
        var initiator = policy.initiator(0, domain, host);
        var part = policy.cpuPart(0, domain, host);
        part.switchBegins(ASID);
        part.switchEnds();
        for (int id = 1; id <= 2; id++) {
            domain.space(ASID).changeBegins();
            initiator.request(FlushRequest.of(id, ASID, ChangeKind.MOVE, id * 4096L, (id + 1) * 4096L)
                    .direction(Direction.INTO_APP)
                    .build());
        }
        assertThat(statistics.initiatorStallNanos().getMaxValue()).isZero();
        assertThat(statistics.stalenessNanos().getTotalCount()).isZero();
        assertThat(statistics.quarantinePeakPages()).isEqualTo(2);
        now = 500;
        part.ipi(host.lastCommand());
        initiator.acknowledged(0, host.lastCommand().ticket());
        assertThat(statistics.stalenessNanos().getTotalCount()).isEqualTo(2);
        assertThat(statistics.stalenessNanos().getMinValue()).isBetween(496L, 504L);
        assertThat(statistics.batches()).as("two moves, one flush").isEqualTo(1);
        assertThat(statistics.ipis()).isEqualTo(1);
        assertThat(statistics.quarantinePages()).isZero();
        assertThat(domain.space(ASID).changesInFlight()).isZero();
    }

    @Test
    void shouldCountInterruptsAndNotTheCommandsThatTravelTogether() {
        var initiator = statistics.measuring(FlushPolicies.strict(), () -> now).initiator(0, domain, host);
        domain.space(ASID).cpus().set(0);
        domain.space(ASID).cpus().set(1);
        domain.space(ASID).changeBegins();
        initiator.request(FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 4096).build());
        statistics.ipiMerged();

        assertThat(statistics.ipiCommands()).isEqualTo(2);
        assertThat(statistics.ipis()).isEqualTo(1);
    }

    @Test
    void shouldHaveNoIpisPerPageWithoutPages() {
        assertThat(statistics.ipisPerPage()).isZero();
    }

    /** The policies are not strict in disguise: over the same seeds each does what it is there for. */
    @Test
    void shouldShowWhatEachPolicySpares() {
        var strict = measured(FlushPolicies.strict());
        var lazy = measured(FlushPolicies.parse("lazy"));
        var paravirt = measured(FlushPolicies.parse("paravirt"));
        var latr = measured(FlushPolicies.parse("latr"));
        assertThat(perRequest(lazy)).isLessThan(perRequest(strict));
        assertThat(paravirt.flagsSet()).isPositive();
        assertThat(perRequest(paravirt)).isLessThan(perRequest(strict));
        assertThat(perRequest(latr)).isLessThan(perRequest(strict));
        assertThat(latr.quarantinePeakPages()).isPositive();
        assertThat(latr.entriesOfFullFlushes() + latr.entriesOfRangeFlushes()).isPositive();
        assertThat(measured(FlushPolicies.parse("latr:1")).overflows()).isPositive();
        assertThat(measured(FlushPolicies.parse("ring:1")).overflows()).isPositive();
    }

    private static FlushStatistics measured(FlushPolicy policy) {
        var statistics = new FlushStatistics();
        for (long seed = 1; seed <= 100; seed++) {
            FlushHarness.run(statistics.measuring(policy, () -> 0), seed);
        }
        return statistics;
    }

    private static double perRequest(FlushStatistics statistics) {
        return (double) statistics.ipis() / statistics.requests();
    }
}
