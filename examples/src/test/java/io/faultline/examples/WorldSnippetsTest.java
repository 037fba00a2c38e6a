package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.embed.OpenWorld;
import io.faultline.embed.World;
import io.faultline.machine.MachineListener;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.schedule.ChoiceLog;
import io.faultline.schedule.Schedule;
import io.faultline.schedule.Shortening;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;

/** The snippets about worlds, which are no example of their own. */
class WorldSnippetsTest {
    private static final MachineSpec MACHINE =
            MachineSpec.builder().vcpus(8).memory(MemorySize.kibibytes(256)).memslots(4).build();

    @Test
    void shouldRecordReplayAndShorten() {
        MachineSpec machine = MACHINE;
        Workload workload = Workloads.random().accesses(100);
        // snippet: replay
        ChoiceLog log = new ChoiceLog();
        Report recorded = World.virtual(7).schedule(Schedule.random().recordedIn(log)).run(machine, workload);
        Report replayed = World.virtual(7).schedule(Schedule.replay(log)).run(machine, workload);
        assertThat(replayed.traceHash()).isEqualTo(recorded.traceHash());

        Predicate<ChoiceLog> stillPeaks = candidate -> World.virtual(7)
                .schedule(Schedule.replay(candidate))
                .run(machine, workload)
                .io()
                .inFlightPeak() == recorded.io().inFlightPeak();
        ChoiceLog shortest = Shortening.shorten(log, 40, stillPeaks);
        assertThat(shortest.deviations()).isLessThan(log.deviations());
        // end snippet
    }

    @Test
    void shouldRunTwoMachinesInOneWorld() {
        MachineSpec machine = MACHINE;
        // snippet: machines
        List<Long> arrivedNanos = new ArrayList<>();
        try (OpenWorld world = World.virtual(7).open()) {
            OpenMachine source = world.open(machine);
            OpenMachine destination = world.open(machine);
            for (int vcpu = 0; vcpu < 8; vcpu++) {
                long gpa = vcpu * 4096L;
                source.access(vcpu, gpa, Access.WRITE, written -> destination.access(written.vcpu(), gpa, Access.WRITE,
                        _ -> arrivedNanos.add(world.nowNanos())));
            }
            boolean all = world.runUntil(() -> arrivedNanos.size() == 8, 1_000_000_000);
            assertThat(all).isTrue();
            assertThat(source.report().faults().raised()).isEqualTo(8);
            assertThat(destination.report().faults().raised()).isEqualTo(8);
        }
        // end snippet
    }

    @Test
    void shouldListenToAMachine() {
        // snippet: listener
        Map<Integer, Integer> faultsOfVcpu = new TreeMap<>();
        MachineListener counting = new MachineListener() {
            @Override
            public void faultRaised(long nanos, int vcpu, long page, boolean write) {
                faultsOfVcpu.merge(vcpu, 1, Integer::sum);
            }
        };
        MachineSpec machine = MachineSpec.builder()
                .vcpus(8)
                .memory(MemorySize.kibibytes(256))
                .listener(counting)
                .build();
        Report report = World.virtual(7).run(machine, Workloads.sequential());
        // end snippet
        assertThat(faultsOfVcpu).hasSize(8).containsValue(8);
        assertThat(report.faults().raised()).isEqualTo(64);
    }
}
