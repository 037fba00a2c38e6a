package io.faultline.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.schedule.Schedule;
import io.faultline.world.internal.VirtualContext;
import io.faultline.world.internal.VirtualLoop;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A virtual world that several machines live in: they share its clock and its loop, so what one does and what another
 * does is ordered, and one seed gives one trace of all of them. For what needs two machines: post-copy migration,
 * distributed shared memory.
 *
 * <p>
 * Stepping the world steps every machine in it, and so does stepping any of the machines. Threading: as
 * {@link OpenMachine} in virtual time.
 */
public final class OpenWorld implements AutoCloseable {
    private static final String SYSTEM_NAME = "faultline";

    private final VirtualSystem<MachineHost.Command> system;
    private final Replies replies;
    private final List<OpenMachine> machines = new ArrayList<>();
    private boolean closed;

    OpenWorld(long seed, Schedule schedule) {
        this.system = VirtualSystem.boot(SYSTEM_NAME, seed, schedule, _ -> MachineHost.create());
        this.replies = new Replies(system.system());
    }

    /**
     * Builds a machine in this world, now: what else is ready at this instant may run meanwhile, the clock stands still.
     * Closing the machine takes it down and leaves the world and the others as they are.
     *
     * @param spec
     *            what to build; the same spec may be opened several times
     * @throws io.faultline.registry.InvalidInputException
     *             when the source cannot be opened or the machine does not fit
     * @throws IllegalStateException
     *             when the world is closed
     */
    public OpenMachine open(MachineSpec spec) {
        checkOpen();
        CompletableFuture<ActorRef<VirtualMachine.Command>> opened = new CompletableFuture<>();
        CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        VirtualContext context = system.newContext();
        system.system()
                .tell(new MachineHost.Command.Open("machine-" + machines.size(), spec, context, opened, stopped));
        if (!loop().runUntil(opened::isDone)) {
            throw new IllegalStateException("the world died; its log says of what");
        }
        ActorRef<VirtualMachine.Command> machine = opened.join();
        OpenVirtualMachine open = new OpenVirtualMachine(spec, machine, replies, loop(), () -> {
            machine.tell(VirtualMachine.Stop.INSTANCE);
            loop().runUntil(stopped::isDone);
            context.close();
        });
        machines.add(open);
        open.checkBuilt();
        return open;
    }

    /** The clock of the world and of every machine in it, in nanoseconds from 0. */
    public long nowNanos() {
        return loop().now();
    }

    /** As {@link OpenMachine#nextEventNanos}, of all machines together. */
    public long nextEventNanos() {
        checkOpen();
        return loop().nextEventNanos();
    }

    /** As {@link OpenMachine#advanceTo}, of all machines together. */
    public void advanceTo(long nanos) {
        checkOpen();
        loop().advanceTo(nanos);
    }

    /** As {@link OpenMachine#runUntil(BooleanSupplier, long)}, of all machines together. */
    public boolean runUntil(BooleanSupplier condition, long latestNanos) {
        checkOpen();
        return loop().runUntil(condition, latestNanos);
    }

    /** As {@link OpenMachine#runUntilIdle}, of all machines together. */
    public void runUntilIdle() {
        checkOpen();
        loop().runUntilIdle();
    }

    private VirtualLoop loop() {
        return system.loop();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the world is closed");
        }
    }

    /** Takes every machine down, and the world. Does nothing the second time. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            machines.forEach(OpenMachine::close);
        } finally {
            system.close();
        }
    }
}
