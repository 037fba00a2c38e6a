package io.faultline.embed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.world.internal.VirtualLoop;
import org.apache.pekko.actor.typed.ActorRef;

/** A machine in virtual time, alone in its world or one of several. */
final class OpenVirtualMachine extends MachineDriver {
    private final VirtualLoop loop;
    private final Runnable closing;

    /**
     * @param closing
     *            takes the machine down, and the world if it is the machine's alone
     */
    OpenVirtualMachine(MachineSpec spec, ActorRef<VirtualMachine.Command> machine, Replies replies, VirtualLoop loop,
            Runnable closing) {
        super(spec, machine, replies);
        this.loop = loop;
        this.closing = closing;
    }

    @Override
    <T> T await(CompletableFuture<T> future) {
        if (!loop.runUntil(future::isDone)) {
            throw VirtualWorld.nobodyAnswers();
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            throw ThreadsWorld.asUnchecked(failure);
        }
    }

    @Override
    void checkCaller(String what) {
        loop.checkThread(what + " of an open machine");
    }

    @Override
    Report withWorldsPart(Report report) {
        return report.withTraceHash(loop.traceHash());
    }

    @Override
    public long nowNanos() {
        return loop.now();
    }

    @Override
    public long nextEventNanos() {
        checkOpen();
        return loop.nextEventNanos();
    }

    @Override
    public void advanceTo(long nanos) {
        checkOpen();
        loop.advanceTo(nanos);
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long latestNanos) {
        checkOpen();
        return loop.runUntil(condition, latestNanos);
    }

    @Override
    public void runUntilIdle() {
        checkOpen();
        loop.runUntilIdle();
    }

    @Override
    void closeWorld() {
        closing.run();
    }
}
