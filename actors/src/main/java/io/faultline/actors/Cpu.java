package io.faultline.actors;

import io.faultline.flush.FlushCommand;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A CPU that several vCPUs share. It owns a TLB and lends it, and with it the right to run, to one vCPU at a time: with
 * {@link VCpu.Run}, until that one answers {@link Yield}, because it has nothing to do or because it was told
 * {@link VCpu.GiveWay}. That it is told when its time slice is over and another waits, or when another has to take an
 * interrupt, and does at its next boundary between two accesses.
 *
 * <p>
 * Bounded by: a few messages of each of its vCPUs, a timer for each slice that ends in vain, and the broadcasts under way.
 * Supervision: it stops when it throws, and the machine with it.
 */
final class Cpu extends SwitchActor<Cpu.Command> {
    /** The protocol. */
    sealed interface Command {}

    /**
     * A vCPU that has slept wants to run; or has to take an interrupt, which goes before.
     *
     * @param lastTurn
     *            its last turn: one that it does not know of yet is on its way to it, and serves as well
     */
    record Wake(int vcpu, boolean forInterrupt, long lastTurn) implements Command {}

    /** A vCPU gives the CPU back; {@code runnable} tells whether it would rather go on. */
    record Yield(int vcpu, boolean runnable) implements Command {}

    /**
     * A broadcast invalidation reaches this CPU.
     *
     * @param returnedTurn
     *            the turn of a vCPU that was asked to carry it out and did not have the CPU any more; else -1
     */
    record Invalidate(FlushCommand command, long broadcast, long returnedTurn) implements Command {
        Invalidate(FlushCommand command, long broadcast) {
            this(command, broadcast, -1);
        }
    }

    private record SliceOver(long turn) implements Command {}

    /**
     * What Linux gives a task while others wait: sysctl_sched_base_slice, 0.7 ms, times 1 + log2 of up to 8 CPUs
     * (kernel/sched/fair.c, 6.12).
     */
    static final long SLICE_NANOS = 2_800_000;

    private final MachineParts parts;
    private final int cpu;
    private final ActorRef<Command> self;
    private final CpuTurns turns = new CpuTurns();
    private long lentNanos;
    private boolean sliceEnds;

    static Behavior<Command> create(MachineParts parts, int cpu) {
        return Behaviors.setup(context -> new Cpu(parts, cpu, context.getSelf()));
    }

    private Cpu(MachineParts parts, int cpu, ActorRef<Command> self) {
        this.parts = parts;
        this.cpu = cpu;
        this.self = self;
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Wake wake -> onWake(wake);
            case Yield yielded -> onYield(yielded);
            case SliceOver over -> onSliceOver(over);
            case Invalidate invalidate -> onInvalidate(invalidate);
        }
        return this;
    }

    private void onWake(Wake wake) {
        if (turns.running() == wake.vcpu() && turns.turn() != wake.lastTurn()) {
            return;
        }
        turns.add(wake.vcpu(), wake.forInterrupt());
        if (wake.forInterrupt() && turns.running() != CpuTurns.NONE && turns.running() != wake.vcpu()) {
            makeWay();
        }
        lend();
    }

    private void onYield(Yield yielded) {
        turns.giveBack(yielded.vcpu(), yielded.runnable());
        lend();
    }

    /** Lends the CPU if it is free, and sees to it that whoever has it does not keep it from those who wait. */
    private void lend() {
        if (turns.next()) {
            lentNanos = parts.world().clock().nanos();
            sliceEnds = false;
            parts.vcpus().get(turns.running()).tell(new VCpu.Run(turns.turn()));
        }
        if (turns.isContended() && !sliceEnds) {
            sliceEnds = true;
            long passedNanos = parts.world().clock().nanos() - lentNanos;
            parts.world().deliverAfter(Math.max(0, SLICE_NANOS - passedNanos), self, new SliceOver(turns.turn()));
        }
    }

    private void onSliceOver(SliceOver over) {
        if (over.turn() == turns.turn() && turns.isContended()) {
            makeWay();
        }
    }

    private void makeWay() {
        parts.vcpus().get(turns.running()).tell(new VCpu.GiveWay(turns.turn()));
    }

    /** Only who has the CPU may touch its TLB. One who has returned this has given the CPU back, and said so. */
    private void onInvalidate(Invalidate invalidate) {
        if (turns.running() == CpuTurns.NONE || invalidate.returnedTurn() == turns.turn()) {
            parts.cpus().invalidate(cpu, invalidate.command());
            parts.shootdown().tell(new TlbShootdown.Invalidated(invalidate.broadcast()));
        } else {
            parts.vcpus()
                    .get(turns.running())
                    .tell(new VCpu.Invalidate(invalidate.command(), invalidate.broadcast()));
        }
    }
}
