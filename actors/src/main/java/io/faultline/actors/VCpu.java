package io.faultline.actors;

import java.util.function.Consumer;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.PendingInterrupts;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.AccessSequence;
import io.faultline.world.Lane;
import io.faultline.world.LaneFailure;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Executes accesses: its part of the workload, or those it is told one by one. A TLB hit goes on; a miss walks the page
 * tables; what is not present or not permitted is a fault, and it halts until it is resumed. It has a CPU of its own
 * inside it, which answers interrupts also while the vCPU is halted; or shares one ({@link Cpu}).
 *
 * <p>
 * Bounded by: nothing sends to it but what it waits for, one interrupt a flush, and the accesses it was asked for one by
 * one, which wait here and are as many as their caller asks for. Supervision: it stops when it throws, and the machine
 * with it, because a vCPU's state cannot be made again.
 */
public final class VCpu extends SwitchActor<VCpu.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /** Begin the accesses of a workload; the machine is told {@link VirtualMachine.VCpuFinished} at their end. */
    public record Start(AccessSequence accesses) implements Command {}

    /** Make one access, after those asked for before; {@code done} is called when it is made, or failed. */
    public record Access(long gpa, boolean write, Consumer<AccessResult> done) implements Command {}

    /**
     * Run on: the page is there, or will never be.
     *
     * @param failed
     *            whether the access ends in an error instead of being tried again
     */
    public record Resume(int memslot, FaultKind kind, boolean failed, long forwardedNanos, long handledNanos,
            long fetchedNanos, long installedNanos) implements Command {}

    /** An inter-processor interrupt for this vCPU's CPU: do what waits for it ({@link PendingInterrupts}). */
    enum Interrupt implements Command {
        INSTANCE
    }

    /** A broadcast invalidation reaches this vCPU's CPU. */
    record Invalidate(FlushCommand command, long broadcast) implements Command {}

    /** The CPU that the vCPU shares is lent to it, for a turn of that number. */
    record Run(long turn) implements Command {}

    /** Another needs the CPU that this vCPU has in that turn. */
    record GiveWay(long turn) implements Command {}

    /** A memslot died: whoever waited for it gets an error, and nobody who has asked its successor already. */
    public record MemslotReplaced(int memslot) implements Command {}

    /** Begin no further access of the workload. */
    public enum Stop implements Command {
        INSTANCE
    }

    /** Make the next slice of accesses. */
    enum Continue implements Command {
        INSTANCE
    }

    /** The next access of the workload is due. */
    enum Arrived implements Command {
        NOW
    }

    private final MachineParts parts;
    private final int index;
    private final Lane lane;
    private final VcpuRun run;

    static Behavior<Command> create(MachineParts parts, int index) {
        return Behaviors.setup(context -> {
            try {
                return new VCpu(parts, index, context.getSelf());
            } catch (RuntimeException | AssertionError failure) {
                parts.machine().tell(new VirtualMachine.VCpuFailed(index, failure));
                throw failure;
            }
        });
    }

    private VCpu(MachineParts parts, int index, ActorRef<Command> self) {
        this.parts = parts;
        this.index = index;
        this.lane = parts.world().lane("vcpu-" + index, self);
        this.run = new VcpuRun(parts, index, self, lane);
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        try {
            perform(command);
        } catch (RuntimeException | AssertionError failure) {
            // Told rather than watched: a machine may have a million of these.
            parts.machine().tell(new VirtualMachine.VCpuFailed(index, failure));
            throw failure;
        }
        return this;
    }

    private void perform(Command command) {
        switch (command) {
            case Resume resume -> run.resume(resume);
            case Continue _ -> run.goOn();
            case Interrupt _ -> lane.run(run::interrupt);
            case Invalidate invalidate -> run.invalidate(invalidate);
            case Run turn -> run.lent(turn.turn());
            case GiveWay way -> run.giveWay(way.turn());
            case Start start -> run.start(start.accesses());
            case Access access -> run.ask(access);
            case Arrived _ -> run.arrived();
            case MemslotReplaced replaced -> run.memslotReplaced(replaced.memslot());
            case Stop _ -> run.stop();
        }
    }

    @Override
    protected Behavior<Command> onLaneFailure(LaneFailure failure) {
        IllegalStateException thrown = failure.asException();
        parts.machine().tell(new VirtualMachine.VCpuFailed(index, thrown));
        throw thrown;
    }

    @Override
    protected void onStopped() {
        lane.abandon();
    }
}
