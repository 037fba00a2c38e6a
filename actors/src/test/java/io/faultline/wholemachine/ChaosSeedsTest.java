package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.chaos.ChaosKind;
import io.faultline.chaos.ChaosSpec;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every kind of failure, alone and all together, over many seeds: 64 vCPUs in virtual time, pages coming and going, the
 * oracle watching. A few seeds unless told otherwise: {@code -Dfaultline.seeds=200}.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosSeedsTest {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosSeedsTest.class);
    private static final int SEEDS = Integer.getInteger("faultline.seeds", 2);

    /** High enough that each happens in each run. */
    private static final String ALL = "fetch-error:0.05,fetch-delay:0.02,fetch-stall:0.01,fetch-dead:0.01,"
            + "short-read:0.02,store-error:0.02,handler-crash:0.002,fetcher-crash:0.002,memslot-crash:0.002";

    static Stream<String> eachKindAndAll() {
        return Stream.concat(Stream.of(ALL.split(",")), Stream.of(ALL));
    }

    /** Two attempts for a fetch, so that some pages are given up for good where fetches fail. */
    private static MachineSpec spec(String chaos, long seed) {
        return MachineSpec.builder()
                .vcpus(64)
                .memory(new MemorySize(512 * 4096))
                .memslots(8)
                .inFlight(32)
                .evictAbovePercent(60)
                .fetchAttempts(2)
                .chaos(ChaosSpec.parse(chaos))
                .oracle(OracleLevel.FULL)
                .seed(seed)
                .build();
    }

    @ParameterizedTest
    @MethodSource("eachKindAndAll")
    void shouldLoseNothingAndCorruptNothing(String chaos) {
        List<Report> reports = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Report report = World.virtual(seed)
                    .run(spec(chaos, seed), Workloads.random().accesses(8_000).writeRatio(0.5));
            assertSound(report);
            reports.add(report);
        }

        Map<String, Long> made = new TreeMap<>();
        reports.forEach(report -> report.chaos().forEach((kind, times) -> made.merge(kind, times, Long::sum)));
        LOG.info("{} over {} seeds: {}", chaos, SEEDS, figures(reports, made));
        assertThat(made.keySet()).as("what was made to fail")
                .containsExactlyInAnyOrderElementsOf(
                        ChaosSpec.parse(chaos).faults().keySet().stream().map(ChaosKind::text).toList());
        assertThat(sum(reports, Sum.EVICTED)).isPositive();
        assertTold(ChaosSpec.parse(chaos), reports);
    }

    private static void assertSound(Report report) {
        assertThat(report.brokenInvariants()).as("seed %d", report.seed()).isEmpty();
        assertThat(report.accesses().done() + report.faults().failed()).as("seed %d: accesses made or failed",
                report.seed())
                .isEqualTo(report.accesses().planned());
    }

    /** Errors are told where there are any to tell, and nowhere else. */
    private static void assertTold(ChaosSpec chaos, List<Report> reports) {
        long failed = sum(reports, Sum.FAILED);
        long poisoned = sum(reports, Sum.POISONED);
        if (chaos.rate(ChaosKind.FETCH_ERROR) > 0) {
            assertThat(poisoned).as("pages given up for good").isPositive();
            assertThat(failed).as("their readers are told").isGreaterThanOrEqualTo(poisoned);
        }
        if (chaos.rate(ChaosKind.MEMSLOT_CRASH) > 0) {
            assertThat(failed).as("waiters of dead memslots are told").isPositive();
        }
        boolean failsFetches = Stream.of(ChaosKind.FETCH_ERROR, ChaosKind.SHORT_READ, ChaosKind.FETCH_STALL,
                ChaosKind.FETCH_DEAD).anyMatch(kind -> chaos.rate(kind) > 0);
        if (!failsFetches) {
            assertThat(poisoned).as("pages given up though no fetch fails").isZero();
        }
        if (!failsFetches && chaos.rate(ChaosKind.MEMSLOT_CRASH) == 0) {
            assertThat(failed).as("accesses that failed though nothing was given up").isZero();
        }
    }

    private enum Sum {
        RAISED, RETRIED, POISONED, FAILED, EVICTED
    }

    private static long sum(List<Report> reports, Sum what) {
        return reports.stream().mapToLong(report -> switch (what) {
            case RAISED -> report.faults().raised();
            case RETRIED -> report.faults().retried();
            case POISONED -> report.faults().poisoned();
            case FAILED -> report.faults().failed();
            case EVICTED -> report.pages().evicted();
        }).sum();
    }

    private static String figures(List<Report> reports, Map<String, Long> made) {
        StringBuilder figures = new StringBuilder();
        for (Sum what : Sum.values()) {
            figures.append(what.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(sum(reports, what))
                    .append(", ");
        }
        return figures.append("made ").append(made).toString();
    }
}
