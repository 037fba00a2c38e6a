package io.faultline.embed;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.faultline.actors.AccessResult;
import io.faultline.actors.VCpu;
import io.faultline.actors.VirtualMachine;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.registry.InvalidInputException;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What driving a machine is in every world; the worlds differ in how they wait for an answer. */
abstract class MachineDriver implements OpenMachine {
    private static final Logger LOG = LoggerFactory.getLogger(MachineDriver.class);

    private final MachineSpec spec;
    private final ActorRef<VirtualMachine.Command> machine;
    private final Replies replies;
    private volatile boolean closed;

    MachineDriver(MachineSpec spec, ActorRef<VirtualMachine.Command> machine, Replies replies) {
        this.spec = spec;
        this.machine = machine;
        this.replies = replies;
    }

    /** Has the machine say whether it could be built; takes it down when it could not. */
    final void checkBuilt() {
        try {
            report();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Refuses a thread that must not ask for anything. */
    abstract void checkCaller(String what);

    /** Waits until the future is complete. */
    abstract <T> T await(CompletableFuture<T> future);

    @Override
    public final void access(int vcpu, long gpa, Access access, Consumer<AccessResult> done) {
        checkCaller("access");
        Objects.checkIndex(vcpu, spec.vcpus());
        if (closed) {
            return; // a callback may ask for the next access while another thread closes
        }
        machine.tell(new VirtualMachine.Access(vcpu, new VCpu.Access(gpa, access == Access.WRITE, done)));
    }

    @Override
    public final void discard(long gpa, long bytes, Runnable done) {
        checkRange(gpa, bytes);
        CompletableFuture<VirtualMachine.Done> answered = new CompletableFuture<>();
        machine.tell(new VirtualMachine.Discard(gpa, bytes, replies.into(answered)));
        runAfter(answered, done);
    }

    @Override
    public final void writeProtect(long gpa, long bytes, Runnable done) {
        checkRange(gpa, bytes);
        CompletableFuture<VirtualMachine.Done> answered = new CompletableFuture<>();
        machine.tell(new VirtualMachine.WriteProtect(gpa, bytes, replies.into(answered)));
        runAfter(answered, done);
    }

    /** Runs on whichever thread completes the future: the machine's. */
    private static void runAfter(CompletableFuture<VirtualMachine.Done> answered, Runnable done) {
        var _ = answered.whenComplete((_, failure) -> {
            if (failure == null) {
                done.run();
            } else {
                LOG.error("the machine refused an operation on its memory", failure);
            }
        });
    }

    private void checkRange(long gpa, long bytes) {
        checkCaller("discard or writeProtect");
        checkOpen();
        String mistake = spec.mistakeInRange(gpa, bytes);
        if (mistake != null) {
            throw new InvalidInputException(mistake);
        }
    }

    @Override
    public final Report report() {
        checkCaller("report");
        checkOpen();
        CompletableFuture<Report> answered = new CompletableFuture<>();
        machine.tell(new VirtualMachine.Ask(replies.into(answered)));
        return withWorldsPart(await(answered));
    }

    /** Adds what the world knows and the machine does not. */
    abstract Report withWorldsPart(Report report);

    final void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the machine is closed");
        }
    }

    /** Takes the world down. */
    abstract void closeWorld();

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            closeWorld();
        }
    }
}
