package io.faultline.examples;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A machine as one actor among others, in an actor system that Faultline neither configures nor owns. */
public final class OwnActorSystem {
    private sealed interface Event {}

    private record Ended(@Nullable Report report, @Nullable Throwable failure) implements Event {}

    private enum MachineStopped implements Event {
        INSTANCE
    }

    private OwnActorSystem() {}

    /** Runs it. */
    public static void main(String[] args) {
        Report report = run();
        System.out.printf("%,d accesses, %,d faults, invariants held: %b%n",
                report.accesses().done(), report.faults().resolved(), report.invariantsHeld());
    }

    static Report run() {
        MachineSpec machine = MachineSpec.builder().vcpus(256).memory(MemorySize.mebibytes(32)).build();
        CompletableFuture<Report> answer = new CompletableFuture<>();
        ActorSystem<Event> system = ActorSystem.create(guardian(machine, Workloads.random(), answer), "mine");
        try {
            return answer.join();
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    // snippet: guardian
    private static Behavior<Event> guardian(MachineSpec machine, Workload workload, CompletableFuture<Report> answer) {
        return Behaviors.setup(context -> {
            ActorRef<VirtualMachine.Command> vm = context.spawn(VirtualMachine.create(machine), "vm");
            context.watchWith(vm, MachineStopped.INSTANCE);
            context.askWithStatus(Report.class, vm, Duration.ofMinutes(1),
                    replyTo -> new VirtualMachine.Run(workload, replyTo), Ended::new);
            return awaitingEnd(vm, answer);
        });
    }

    private static Behavior<Event> awaitingEnd(ActorRef<VirtualMachine.Command> vm, CompletableFuture<Report> answer) {
        return Behaviors.receiveMessage(event -> switch (event) {
            case Ended ended -> {
                vm.tell(VirtualMachine.Stop.INSTANCE);
                yield awaitingStop(ended, answer);
            }
            case MachineStopped _ -> {
                answer.completeExceptionally(new IllegalStateException("the machine stopped by itself"));
                yield Behaviors.stopped();
            }
        });
    }
    // end snippet

    /** When the machine has stopped, so has everything it started. */
    private static Behavior<Event> awaitingStop(Ended ended, CompletableFuture<Report> answer) {
        return Behaviors.receiveMessage(_ -> {
            if (ended.failure() != null) {
                answer.completeExceptionally(ended.failure());
            } else {
                answer.complete(ended.report());
            }
            return Behaviors.stopped();
        });
    }
}
