package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.registry.InvalidInputException;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.schedule.Schedule;
import io.faultline.source.SourceTiming;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole machines in virtual time, with crashes from outside; the source takes 10 µs. */
class VirtualMachineTest {
    private static final Workload WORKLOAD = Workloads.random().accesses(600).writeRatio(0.3);

    private final List<VirtualSystem<VirtualMachine.Command>> systems = new ArrayList<>();
    private int replies;

    @AfterEach
    void close() {
        systems.forEach(VirtualSystem::close);
    }

    private static MachineSpecBuilder spec() {
        return TestRing.spec().vcpus(8).verify(true).sourceTiming(SourceTiming.INSTANT.withLatencyNanos(10_000));
    }

    private VirtualSystem<VirtualMachine.Command> machine(MachineSpec spec) {
        VirtualSystem<VirtualMachine.Command> system = VirtualSystem.boot("machine", spec.seed(), Schedule.random(),
                world -> VirtualMachine.create(spec, world));
        systems.add(system);
        return system;
    }

    private <T> ActorRef<StatusReply<T>> into(VirtualSystem<?> system, CompletableFuture<StatusReply<T>> future) {
        return system.system().systemActorOf(Behaviors.<StatusReply<T>>receiveMessage(reply -> {
            assertThat(future.complete(reply)).as("one answer").isTrue();
            return Behaviors.same();
        }), "reply-" + replies++, Props.empty());
    }

    private CompletableFuture<StatusReply<Report>> run(VirtualSystem<VirtualMachine.Command> system,
            Workload workload) {
        CompletableFuture<StatusReply<Report>> reply = new CompletableFuture<>();
        system.system().tell(new VirtualMachine.Run(workload, into(system, reply)));
        return reply;
    }

    private static StatusReply<Report> end(VirtualSystem<VirtualMachine.Command> system,
            CompletableFuture<StatusReply<Report>> reply) {
        assertThat(system.loop().runUntil(reply::isDone)).as("the run has an end").isTrue();
        return reply.join();
    }

    private static void assertNothingLost(Report report) {
        assertThat(report.faults().lost()).isZero();
        assertThat(report.pages().corrupt()).isZero();
        assertThat(report.violations()).isEmpty();
    }

    /** A message that its protocol does not allow, so that it throws. */
    private static void crash(VirtualSystem<?> system, String name, Object message) {
        Adapter.toClassic(system.system())
                .actorSelection("/user/" + name)
                .tell(message, org.apache.pekko.actor.ActorRef.noSender());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFailTheAccessesOfADeadMemslotAndFinishTheRest(long seed) {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().seed(seed).build());
        CompletableFuture<StatusReply<Report>> reply = run(system, WORKLOAD);
        system.loop().advanceTo(5_000);
        crash(system, "memslot-0", new Memslot.Fault(0, 15, false, 0));
        system.loop().advanceTo(22_000);
        crash(system, "memslot-0-1", new Memslot.Fault(0, 15, false, 0));

        Report report = end(system, reply).getValue();

        assertNothingLost(report);
        assertThat(report.faults().failed()).as("seed %d", seed).isPositive();
        assertThat(report.accesses().done() + report.faults().failed()).as("seed %d", seed).isEqualTo(600);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldLoseNothingWhenFetchersDieAgainAndAgain(long seed) {
        AtomicInteger asked = new AtomicInteger();
        VirtualSystem<VirtualMachine.Command> system = machine(spec().seed(seed)
                .fetchers(2)
                .handlers(2)
                .source(new TestSource() {
                    @Override
                    public boolean blocking() {
                        if (asked.incrementAndGet() % 5 == 0) {
                            throw new IllegalStateException("injected");
                        }
                        return false;
                    }
                })
                .verify(false)
                .build());

        Report report = end(system, run(system, WORKLOAD)).getValue();

        assertNothingLost(report);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.faults().retried()).isPositive();
        assertThat(report.accesses().done()).isEqualTo(600);
        assertThat(report.pages().installed()).isEqualTo(16);
        assertThat(asked).hasValueGreaterThan(5);
    }

    @Test
    void shouldGiveUpOnAnActorThatCrashesWhateverIsDone() {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().resolutionPolicy(new ResolutionPolicy() {
            @Override
            public String name() {
                return "hopeless";
            }

            @Override
            public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
                throw new IllegalStateException("injected");
            }
        }).build());

        StatusReply<Report> reply = end(system, run(system, WORKLOAD));

        assertThat(reply.isError()).isTrue();
        assertThat(reply.getError()).hasMessageContaining("HANDLER 0");
        assertThat(end(system, run(system, WORKLOAD)).isError()).as("a broken machine refuses").isTrue();
    }

    @Test
    void shouldRefuseASecondRunAtTheSameTimeAndTakeOneAfterwards() {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().build());
        CompletableFuture<StatusReply<Report>> first = run(system, WORKLOAD);
        CompletableFuture<StatusReply<Report>> second = run(system, WORKLOAD);

        assertThat(end(system, second).isError()).isTrue();
        assertThat(second.join().getError()).hasMessageContaining("already");
        assertNothingLost(end(system, first).getValue());
        assertNothingLost(end(system, run(system, WORKLOAD)).getValue());
    }

    @Test
    void shouldAnswerEverythingWithTheErrorWhenItCannotBeBuilt() {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().source(_ -> {
            throw new InvalidInputException("no such image");
        }).build());
        List<AccessResult> results = new ArrayList<>();
        system.system().tell(new VirtualMachine.Access(0, new VCpu.Access(0, false, results::add)));
        CompletableFuture<StatusReply<VirtualMachine.Done>> discarded = new CompletableFuture<>();
        system.system().tell(new VirtualMachine.Discard(0, 4096, into(system, discarded)));

        StatusReply<Report> reply = end(system, run(system, WORKLOAD));

        assertThat(reply.getError()).isInstanceOf(InvalidInputException.class).hasMessage("no such image");
        assertThat(discarded.join().getError()).hasMessage("no such image");
        assertThat(results).extracting(AccessResult::failed).containsExactly(true);
    }

    @Test
    void shouldFailAnAccessByAVcpuThereIsNoneOf() {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().build());
        List<AccessResult> results = new ArrayList<>();
        for (int vcpu : new int[]{8, -1, 7}) {
            system.system().tell(new VirtualMachine.Access(vcpu, new VCpu.Access(0, false, results::add)));
        }
        system.loop().runUntilIdle();

        assertThat(results).extracting(AccessResult::vcpu, AccessResult::failed)
                .containsExactlyInAnyOrder(tuple(8, true),
                        tuple(-1, true), tuple(7, false));
    }

    @Test
    void shouldAnswerAProtectionWhoseMemslotDied() {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().build());
        List<AccessResult> results = new ArrayList<>();
        system.system().tell(new VirtualMachine.Access(0, new VCpu.Access(0, true, results::add)));
        system.loop().runUntilIdle();
        CompletableFuture<StatusReply<VirtualMachine.Done>> answered = new CompletableFuture<>();
        crash(system, "memslot-0", new Memslot.Fault(0, 15, false, 0));
        system.system().tell(new VirtualMachine.WriteProtect(0, 4096, into(system, answered)));
        system.loop().runUntilIdle();
        assertThat(answered).isDone();

        CompletableFuture<StatusReply<VirtualMachine.Done>> again = new CompletableFuture<>();
        system.system().tell(new VirtualMachine.WriteProtect(0, 65_536, into(system, again)));
        system.loop().runUntilIdle();

        assertThat(again.join().isSuccess()).isTrue();
    }

    /** Watchers of an actor hear of its end in hash order once they are more than four: whoever is told must not watch. */
    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 80})
    void shouldAnswerProtectionsInTheSameOrderInEveryRunWhenTheirMemslotDies(int eventsBefore) {
        List<String> first = answeredProtections(eventsBefore);

        assertThat(first).hasSize(12).doesNotHaveDuplicates();
        for (int again = 0; again < 4; again++) {
            assertThat(answeredProtections(eventsBefore)).isEqualTo(first);
        }
    }

    /** Twelve protections of a memslot that dies, in the order in which they are answered. */
    private List<String> answeredProtections(int eventsBefore) {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().build());
        List<String> answered = new ArrayList<>();
        system.loop().runUntilIdle();
        for (int protection = 0; protection < 12; protection++) {
            int number = protection;
            CompletableFuture<StatusReply<VirtualMachine.Done>> reply = new CompletableFuture<>();
            var _ = reply.thenAccept(end -> answered.add(number + (end.isSuccess() ? " done" : " failed")));
            system.system().tell(new VirtualMachine.WriteProtect(0, 4096, into(system, reply)));
        }
        long events = system.loop().events() + eventsBefore;
        system.loop().runUntil(() -> system.loop().events() >= events);
        crash(system, "memslot-0", new Memslot.Fault(0, 15, false, 0));
        system.loop().runUntilIdle();
        return answered;
    }

    /** A memslot that dies at any moment of a discard: it ends, and the page reads as zeros whoever serves it then. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldEndADiscardWhoseMemslotDies(long seed) {
        VirtualSystem<VirtualMachine.Command> system = machine(spec().seed(seed).build());
        List<AccessResult> results = new ArrayList<>();
        for (int page = 0; page < 16; page++) {
            system.system()
                    .tell(new VirtualMachine.Access(page % 8, new VCpu.Access(page * 4096L, true, results::add)));
        }
        system.loop().runUntilIdle();
        assertThat(results).hasSize(16);
        CompletableFuture<StatusReply<VirtualMachine.Done>> answered = new CompletableFuture<>();
        system.system().tell(new VirtualMachine.Discard(0, 65_536, into(system, answered)));
        long events = system.loop().events() + 3 * seed;
        system.loop().runUntil(() -> system.loop().events() >= events);
        crash(system, "memslot-0", new Memslot.Fault(0, 15, false, 0));
        system.loop().runUntilIdle();
        assertThat(answered).as("seed %d", seed).isDone();
        results.clear();
        for (int page = 0; page < 16; page++) {
            system.system()
                    .tell(new VirtualMachine.Access(page % 8, new VCpu.Access(page * 4096L, false, results::add)));
        }
        CompletableFuture<StatusReply<Report>> report = new CompletableFuture<>();
        system.loop().runUntilIdle();
        system.system().tell(new VirtualMachine.Ask(into(system, report)));

        assertNothingLost(end(system, report).getValue());
        assertThat(results).as("seed %d", seed).hasSize(16).noneMatch(AccessResult::failed);
        assertThat(report.join().getValue().pages().verified()).isPositive();
    }
}
