package io.faultline.flush;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The commands that wait for each CPU's next interrupt. A CPU that an interrupt is on its way to needs no second one: what
 * is asked of it meanwhile is added, and done with the rest. So interrupts grow with the times a CPU looks, and not with the
 * flushes; the policy's parts see each command, and each acknowledgement, as if it had come alone.
 *
 * <p>Source: {@code call_single_queue} in kernel/smp.c of Linux, where {@code smp_call_function_many_cond} interrupts only
 * the CPUs whose queue was empty.
 *
 * <p>Threading: safe for any thread; a CPU's commands are taken by the CPU alone. Takes one reference a CPU.
 */
public final class PendingInterrupts {
    private final AtomicReferenceArray<@Nullable FlushCommands> pending;
    /** What was last put into an empty queue: most likely what the next empty one needs too. Racy on purpose. */
    private @Nullable FlushCommands lastFirst;

    /**
     * @param cpus how many CPUs there are; they are numbered from 0
     */
    public PendingInterrupts(int cpus) {
        pending = new AtomicReferenceArray<>(cpus);
    }

    /**
     * Adds a command to what the CPU's next interrupt asks of it.
     *
     * @param cpu whom to ask
     * @param command what
     * @return whether the caller has to send the interrupt; else one is on its way that will find the command
     */
    public boolean add(int cpu, FlushCommand command) {
        var before = pending.get(cpu);
        while (true) {
            var after = before == null ? first(command) : before.with(command);
            var witness = pending.compareAndExchange(cpu, before, after);
            if (witness == before) {
                return before == null;
            }
            before = witness;
        }
    }

    @SuppressWarnings("ReferenceEquality") // a command is one object for all its targets
    private FlushCommands first(FlushCommand command) {
        var first = lastFirst;
        if (first == null || first.last() != command) {
            first = FlushCommands.of(command);
            lastFirst = first;
        }
        return first;
    }

    /**
     * Takes what an interrupt asks of its CPU. Called once an interrupt, by the CPU.
     *
     * @param cpu who was interrupted
     * @return the commands
     * @throws IllegalStateException when nothing was asked: there were more interrupts than {@link #add} called for
     */
    public FlushCommands take(int cpu) {
        var commands = pending.getAndSet(cpu, null);
        if (commands == null) {
            throw new IllegalStateException("CPU " + cpu + " was interrupted, and nothing was asked of it");
        }
        return commands;
    }
}
