package io.faultline.actors;

import java.util.concurrent.CompletableFuture;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.schedule.Schedule;
import io.faultline.workload.Workload;
import io.faultline.world.internal.ThreadsSystem;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** A whole machine of which a {@link Workshop} made some parts otherwise. */
final class DoubledMachine {
    private DoubledMachine() {}

    /** Runs a workload on threads until it is over. */
    static Report runOnThreads(MachineSpec spec, Workload workload, Workshop workshop) {
        try (ThreadsSystem<VirtualMachine.Command> world = ThreadsSystem.boot("doubled", spec.seed(),
                context -> VirtualMachine.create(spec, context, workshop))) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system().tell(new VirtualMachine.Run(workload, replyTo(world.system(), ended)));
            return ended.join();
        }
    }

    /** Runs a workload in virtual time until it is over, or nothing is left to happen. */
    static Report run(MachineSpec spec, Workload workload, Workshop workshop) {
        try (VirtualSystem<VirtualMachine.Command> world = VirtualSystem.boot("doubled", spec.seed(),
                Schedule.random(), context -> VirtualMachine.create(spec, context, workshop))) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system().tell(new VirtualMachine.Run(workload, replyTo(world.system(), ended)));
            if (!world.loop().runUntil(ended::isDone)) {
                world.system().tell(VirtualMachine.Idle.INSTANCE);
                world.loop().runUntil(ended::isDone);
            }
            return ended.join();
        }
    }

    /** Whom a run's report goes to. */
    static ActorRef<StatusReply<Report>> replyTo(ActorSystem<?> system, CompletableFuture<Report> ended) {
        return system.systemActorOf(Behaviors.<StatusReply<Report>>receiveMessage(reply -> {
            if (reply.isSuccess()) {
                ended.complete(reply.getValue());
            } else {
                ended.completeExceptionally(reply.getError());
            }
            return Behaviors.stopped();
        }), "report", Props.empty());
    }
}
