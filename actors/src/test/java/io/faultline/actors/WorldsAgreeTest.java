package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.schedule.Schedule;
import io.faultline.source.PageSources;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.AccessSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;
import io.faultline.workload.Workloads;
import io.faultline.world.internal.ThreadsSystem;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not depend on the world: which pages are resolved, and how often each is written. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorldsAgreeTest {
    private static final int PAGES = 256;
    private static final int VCPUS = 16;
    private static final long ACCESSES = 6_000;
    private static final long SEED = 0xA9EE;
    private static final long ABSENT = -1;

    private static MachineSpec spec(OracleLevel oracle) {
        return MachineSpec.builder()
                .vcpus(VCPUS)
                .memory(new MemorySize(PAGES * PageSize.SIZE_4K.bytes()))
                .memslots(4)
                .inFlight(16)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000))
                .source(PageSources.zero()) // so that a page's first word is how often it was written
                .seed(SEED)
                .oracle(oracle)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "zipf:1.1", "strided:7"})
    void shouldResolveTheSamePagesAndWriteEachAsOftenInBothWorlds(String pattern) throws Exception {
        Workload workload = Workloads.registry().create(pattern).accesses(ACCESSES).writeRatio(0.4);
        long[] expected = writesOf(workload);

        long[] onThreads = onThreads(workload);
        long[] inVirtualTime = inVirtualTime(workload);

        assertThat(onThreads).as("writes of each page on threads").isEqualTo(expected);
        assertThat(inVirtualTime).as("writes of each page in virtual time").isEqualTo(expected);
    }

    /** How often the workload writes each page; absent where it touches none. */
    private static long[] writesOf(Workload workload) {
        long[] writes = new long[PAGES];
        Arrays.fill(writes, ABSENT);
        WorkloadShape shape = WorkloadShape.of(workload, VCPUS, PAGES, SEED);
        for (int vcpu = 0; vcpu < VCPUS; vcpu++) {
            AccessSequence accesses = workload.sequence(shape, vcpu);
            while (accesses.next()) {
                int page = (int) accesses.page();
                writes[page] = Math.max(0, writes[page]) + (accesses.write() ? 1 : 0);
            }
        }
        return writes;
    }

    private static long[] onThreads(Workload workload) throws Exception {
        Kept kept = new Kept();
        try (ThreadsSystem<VirtualMachine.Command> world = ThreadsSystem.boot("agree", SEED,
                context -> VirtualMachine.create(spec(OracleLevel.OFF), context, kept))) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system().tell(new VirtualMachine.Run(workload, DoubledMachine.replyTo(world.system(), ended)));
            assertFlawless(ended.get());
            return kept.writes();
        }
    }

    private static long[] inVirtualTime(Workload workload) {
        Kept kept = new Kept();
        try (VirtualSystem<VirtualMachine.Command> world = VirtualSystem.boot("agree", SEED, Schedule.random(),
                context -> VirtualMachine.create(spec(OracleLevel.FULL), context, kept))) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system().tell(new VirtualMachine.Run(workload, DoubledMachine.replyTo(world.system(), ended)));
            world.loop().runUntil(ended::isDone);
            assertFlawless(ended.join());
            return kept.writes();
        }
    }

    private static void assertFlawless(Report report) {
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().failed()).isZero();
        assertThat(report.accesses().done()).isEqualTo(ACCESSES);
    }

    /** Makes standard parts, and keeps them to be looked into when the run is over. */
    private static final class Kept extends Workshop {
        private final AtomicReference<@Nullable MachineParts> parts = new AtomicReference<>();

        @Override
        Behavior<TlbShootdown.Command> shootdown(MachineParts machine) {
            parts.set(machine);
            return super.shootdown(machine);
        }

        long[] writes() {
            MachineParts machine = parts.get();
            assertThat(machine).isNotNull();
            long[] writes = new long[PAGES];
            for (int page = 0; page < PAGES; page++) {
                long entry = machine.secondStage().walk((long) page << PageSize.BASE_SHIFT);
                writes[page] = Entry.isPresent(entry) ? machine.frames().contents().word(Entry.frame(entry)) : ABSENT;
            }
            return writes;
        }
    }
}
