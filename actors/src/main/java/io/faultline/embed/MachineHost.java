package io.faultline.embed;

import java.util.concurrent.CompletableFuture;

import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The guardian of a world of several machines: each is a child, whose end ends no other. */
final class MachineHost {
    /** What the host is told. */
    sealed interface Command {
        /** Build a machine. */
        record Open(String name, MachineSpec spec, WorldContext world,
                CompletableFuture<ActorRef<VirtualMachine.Command>> opened, CompletableFuture<Boolean> stopped)
                implements Command {}

        /** A machine has stopped, and everything under it. */
        record Stopped(CompletableFuture<Boolean> stopped) implements Command {}
    }

    private MachineHost() {}

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.receiveMessage(command -> {
            switch (command) {
                case Command.Open open -> onOpen(open, context);
                case Command.Stopped(var stopped) -> stopped.complete(true);
            }
            return Behaviors.same();
        }));
    }

    private static void onOpen(Command.Open open, ActorContext<Command> context) {
        ActorRef<VirtualMachine.Command> machine =
                context.spawn(VirtualMachine.create(open.spec(), open.world()), open.name());
        context.watchWith(machine, new Command.Stopped(open.stopped()));
        open.opened().complete(machine);
    }
}
