package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.actors.AccessResult;
import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.embed.World;
import io.faultline.flush.FlushPolicies;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.source.ImageFill;
import io.faultline.source.PageSources;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.AccessSequence;
import io.faultline.workload.DealtSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The snippets of the documents that are no example of their own. */
class EmbeddingSnippetsTest {
    @Test
    void shouldDriveAnOpenMachine() {
        MachineSpec machine = MachineSpec.builder().vcpus(2).memory(MemorySize.mebibytes(1)).build();
        // snippet: open
        List<AccessResult> results = new ArrayList<>();
        try (OpenMachine open = World.virtual(7).open(machine)) {
            open.access(0, 0x3000, Access.WRITE, results::add);
            open.runUntilIdle();
            open.writeProtect(0x3000, 4096, () -> {});
            open.runUntilIdle();
            open.access(1, 0x3008, Access.WRITE, results::add); // a WRITE_PROTECT fault
            open.runUntilIdle();
            open.discard(0x3000, 4096, () -> {});
            open.runUntilIdle();
            open.access(1, 0x3000, Access.READ, results::add); // a MISSING fault, and zeros
            open.runUntilIdle();
            Report report = open.report();
            assertThat(report.faults().missing()).isEqualTo(2);
            assertThat(report.faults().writeProtect()).isEqualTo(1);
            assertThat(results).hasSize(3).noneMatch(AccessResult::failed);
        }
        // end snippet
    }

    @Test
    void shouldStopARunFromItsListener() {
        MachineSpec machine = MachineSpec.builder().vcpus(8).memory(MemorySize.mebibytes(1)).build();
        // snippet: progress
        RunProgress untilTenThousand = new RunProgress() {
            private volatile boolean enough;

            @Override
            public void advanced(long accessesDone, long accessesPlanned, long faultsResolved, long vcpusHalted) {
                enough = accessesDone >= 10_000;
            }

            @Override
            public boolean stopRequested() {
                return enough;
            }
        };
        Report report = World.threads().run(machine, Workloads.random().accesses(Long.MAX_VALUE), untilTenThousand);
        // end snippet
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().done()).isGreaterThanOrEqualTo(10_000);
    }

    // snippet: resolution-policy
    /** Fetches the pages of an image, eight ahead, and knows that there is nothing behind its end. */
    record ZeroBehind(long imagePages) implements ResolutionPolicy {
        @Override
        public String name() {
            return "zero-behind:" + imagePages;
        }

        @Override
        public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
            return switch (kind) {
                case MISSING -> removed || page >= imagePages ? Resolution.ZEROPAGE : Resolution.COPY;
                case MINOR -> Resolution.CONTINUE;
                case WRITE_PROTECT -> Resolution.UNPROTECT;
            };
        }

        @Override
        public int prefetchPages() {
            return 8;
        }
    }
    // end snippet

    @Test
    void shouldResolveByAPolicyOfOnesOwn() {
        byte[] image = new byte[(int) (100 * PageSize.BASE_BYTES)];
        Arrays.fill(image, (byte) 1);
        MachineSpec machine = MachineSpec.builder()
                .vcpus(16)
                .memory(MemorySize.mebibytes(1))
                .source(PageSources.memory(image, ImageFill.ZERO))
                .resolutionPolicy(new ZeroBehind(100))
                .build();

        Report report = World.virtual(3).run(machine, Workloads.sequential());

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.pages().installed()).isEqualTo(256);
        assertThat(report.io().reads()).as("the image's pages and some prefetched behind it").isBetween(100L, 108L);
    }

    // snippet: workload
    /** Every vCPU walks its own share of the pages from the end to the beginning. */
    record Backwards() implements Workload {
        @Override
        public String name() {
            return "backwards";
        }

        @Override
        public AccessSequence sequence(WorkloadShape shape, int vcpu) {
            return new Walk(shape, vcpu);
        }

        private static final class Walk extends DealtSequence {
            private final long first;
            private final long last;
            private long upcoming;

            Walk(WorkloadShape shape, int vcpu) {
                super(shape, vcpu);
                first = shape.firstPageOf(vcpu);
                last = first + shape.pagesOf(vcpu) - 1;
                upcoming = last;
            }

            @Override
            protected long nextPage() {
                long page = upcoming;
                upcoming = page == first ? last : page - 1;
                return page;
            }
        }
    }
    // end snippet

    @Test
    void shouldRunAWorkloadOfOnesOwn() {
        MachineSpec machine = MachineSpec.builder().vcpus(7).memory(MemorySize.mebibytes(1)).build();

        Report report = World.virtual(3).run(machine, new Backwards().accesses(2000).writeRatio(0.5));

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.pages().installed()).isEqualTo(256);
        assertThat(report.accesses().done()).isEqualTo(2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldLoseNothingWhenTheSourceFailsAndStalls(long seed) {
        // snippet: stress
        MachineSpec machine = MachineSpec.builder()
                .vcpus(1000)
                .memory(MemorySize.mebibytes(16))
                .seed(seed)
                .source(PageSources.synthetic())
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(200_000)
                        .withErrorRate(0.01)
                        .withStalls(0.001, 2_000_000_000))
                .fetchTimeoutNanos(1_000_000_000)
                .build();
        Report report = World.virtual(seed).run(machine, Workloads.zipf(1.1).accesses(20_000));
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().retried()).isPositive();
        // end snippet
    }

    @Test
    void shouldShowWhatACeilingDoes() {
        List<Report> reports = new ArrayList<>();
        // snippet: flush
        for (int ceilingPages : List.of(0, 33, 512)) {
            MachineSpec machine = MachineSpec.builder()
                    .vcpus(8)
                    .memory(MemorySize.mebibytes(1))
                    .memslots(1)
                    .flushPolicy(FlushPolicies.strict(ceilingPages))
                    .oracle(OracleLevel.FULL)
                    .build();
            try (OpenMachine open = World.virtual(1).open(machine)) {
                for (int vcpu = 0; vcpu < 8; vcpu++) {
                    open.access(vcpu, vcpu * 4096L, Access.READ, _ -> {});
                }
                open.runUntilIdle();
                open.discard(0, 64 * 4096L, () -> {});
                open.runUntilIdle();
                reports.add(open.report());
            }
        }
        // end snippet
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.flush().ipis()).isEqualTo(8);
        });
        assertThat(reports).extracting(report -> report.flush().fullFlushes() > 0).containsExactly(true, true, false);
    }

    @Test
    void shouldNameWhatIsWrongWithASpec() {
        assertThatThrownBy(() -> {
            // snippet: mistake
            MachineSpec.builder().memory(new MemorySize(10_000)).build();
            // end snippet
        }).isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("memory must be a multiple of the page size");
    }
}
