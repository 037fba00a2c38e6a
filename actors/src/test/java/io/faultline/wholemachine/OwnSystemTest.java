package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.PageSource;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import io.faultline.world.internal.ThreadWatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines in an actor system of the caller's, which they must leave as they found it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Workload WALK = Workloads.zipf(1.1).accesses(3000).writeRatio(0.3);

    private final List<RecordingSource> sources = new ArrayList<>();
    private ActorTestKit kit = ActorTestKit.create("unused-until-set-up");

    @BeforeEach
    void setUp() {
        kit.shutdownTestKit();
        kit = ActorTestKit.create("callers");
    }

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    private MachineSpec spec(Function<MachineSpecBuilder, MachineSpecBuilder> configure) {
        return configure.apply(MachineSpec.builder()
                .vcpus(32)
                .memory(MemorySize.mebibytes(1))
                .memslots(4)
                .source(_ -> recorded())
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000))).build();
    }

    private PageSource recorded() {
        RecordingSource source = new RecordingSource(true);
        synchronized (sources) {
            sources.add(source);
        }
        return source;
    }

    private static Report run(ActorRef<VirtualMachine.Command> machine, TestProbe<StatusReply<Report>> probe) {
        machine.tell(new VirtualMachine.Run(WALK, probe.getRef()));
        return answer(probe);
    }

    private static Report answer(TestProbe<StatusReply<Report>> probe) {
        StatusReply<Report> reply = probe.receiveMessage(PATIENCE);
        assertThat(reply.isSuccess()).as("%s", reply).isTrue();
        return reply.getValue();
    }

    private void stop(ActorRef<VirtualMachine.Command> machine) {
        machine.tell(VirtualMachine.Stop.INSTANCE);
        kit.createTestProbe().expectTerminated(machine, PATIENCE);
    }

    @Test
    void shouldRunReportStopAndLeaveNeitherThreadsNorActors() throws Exception {
        ThreadWatch watch = new ThreadWatch();
        List<String> before = actors();
        TestProbe<StatusReply<Report>> probe = kit.createTestProbe();

        ActorRef<VirtualMachine.Command> machine = kit.spawn(VirtualMachine.create(spec(spec -> spec)), "machine");
        Report report = run(machine, probe);
        assertThat(kit.system().printTree()).contains("machine", "vcpu-31", "memslot-3", "fetcher-1", "shootdown");
        assertThat(watch.newNames()).anyMatch(name -> name.contains("faultline"));
        stop(machine);
        // Whoever watches hears of the end before the guardian has struck its child off its list.
        probe.awaitAssert(PATIENCE, () -> assertThat(actors()).isEqualTo(before));
        probe.stop();

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().done()).isEqualTo(3000);
        watch.assertAllEnd("faultline");
        assertThat(watch.newNames()).noneMatch(name -> name.contains("faultline"));
        assertThat(sources).hasSize(1).allMatch(source -> source.closedCount() == 1 && !source.wasMisused());
    }

    /** Every actor of the system but the test's own probes. */
    private List<String> actors() {
        return kit.system()
                .printTree()
                .lines()
                .filter(line -> !line.contains("testProbe"))
                .map(OwnSystemTest::nameIn)
                .toList();
    }

    private static String nameIn(String treeLine) {
        return treeLine.replaceAll(" class .*", "");
    }

    @Test
    void shouldRunTwoMachinesAtOnceInOneSystem() {
        TestProbe<StatusReply<Report>> first = kit.createTestProbe();
        TestProbe<StatusReply<Report>> second = kit.createTestProbe();
        ActorRef<VirtualMachine.Command> one = kit.spawn(VirtualMachine.create(spec(spec -> spec)), "one");
        ActorRef<VirtualMachine.Command> two = kit.spawn(VirtualMachine.create(spec(spec -> spec.vcpus(16).seed(2))),
                "two");
        one.tell(new VirtualMachine.Run(WALK, first.getRef()));
        two.tell(new VirtualMachine.Run(WALK, second.getRef()));
        Report reportOfOne = answer(first);
        stop(one);
        Report reportOfTwo = answer(second);
        assertThat(run(two, second).accesses().done()).as("another workload on the same machine").isEqualTo(6000);
        stop(two);

        for (Report report : List.of(reportOfOne, reportOfTwo)) {
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.accesses().done()).isEqualTo(3000);
        }
        assertThat(reportOfOne.vcpus()).isEqualTo(32);
        assertThat(reportOfTwo.vcpus()).isEqualTo(16);
    }

    @Test
    void shouldRefuseASecondRunWhileOneIsOn() {
        TestProbe<StatusReply<Report>> first = kit.createTestProbe();
        TestProbe<StatusReply<Report>> second = kit.createTestProbe();
        ActorRef<VirtualMachine.Command> machine = kit.spawn(VirtualMachine.create(spec(spec -> spec)));
        machine.tell(new VirtualMachine.Run(WALK.accesses(100_000), first.getRef()));
        machine.tell(new VirtualMachine.Run(WALK, second.getRef()));

        StatusReply<Report> refusal = second.receiveMessage(PATIENCE);
        assertThat(refusal.isError()).isTrue();
        assertThat(refusal.getError()).hasMessageContaining("runs a workload already");
        assertThat(answer(first).accesses().done()).isEqualTo(100_000);
        stop(machine);
    }

    @Test
    void shouldStopInTheMiddleOfARun() throws Exception {
        ThreadWatch watch = new ThreadWatch();
        TestProbe<StatusReply<Report>> probe = kit.createTestProbe();
        CompletableFuture<Boolean> going = new CompletableFuture<>();
        ActorRef<VirtualMachine.Command> machine = kit.spawn(VirtualMachine.create(spec(spec -> spec)));
        machine.tell(new VirtualMachine.Run(WALK.accesses(Long.MAX_VALUE / 2), (_, _, _, _) -> going.complete(true),
                probe.getRef()));
        assertThat(going.get(20, TimeUnit.SECONDS)).isTrue();
        stop(machine);

        watch.assertAllEnd("faultline");
        assertThat(sources).allMatch(source -> source.closedCount() == 1 && !source.wasMisused());
    }

    @Test
    void shouldAnswerWithTheMistakeWhenItCannotBeBuilt() {
        TestProbe<StatusReply<Report>> probe = kit.createTestProbe();
        ActorRef<VirtualMachine.Command> machine = kit
                .spawn(VirtualMachine.create(spec(spec -> spec.arrivalsPerSecond(1))));
        machine.tell(new VirtualMachine.Run(WALK, probe.getRef()));

        StatusReply<Report> refusal = probe.receiveMessage(PATIENCE);
        assertThatThrownBy(refusal::getValue).hasMessageContaining("arrivals");
        assertThat(refusal.getError()).isInstanceOf(InvalidInputException.class);
        stop(machine);
    }
}
