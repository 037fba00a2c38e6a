package io.faultline.actors;

import io.faultline.kernel.HostKernel;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.workload.Workload;
import io.faultline.world.WorldContext;
import io.faultline.world.internal.WorldContexts;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine: spawns its actors, supervises them, runs a workload and reports.
 *
 * <p>
 * Threading: an actor; tell it things from anywhere (in virtual time, from the loop's thread). Bounded by: a few messages
 * of each vCPU and each child that ends, and what its callers ask for, which it only passes on. Supervision: a handler,
 * fetcher or memslot that crashes is replaced, and those who had given it work are told; the failure of any other actor
 * ends the run with an error. When the machine stops, everything it started has stopped with it.
 */
public final class VirtualMachine extends SwitchActor<VirtualMachine.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /**
     * Run a workload and report when every vCPU has finished it. An error when the machine could not be built or runs
     * one already.
     */
    public record Run(Workload workload, RunProgress progress, ActorRef<StatusReply<Report>> replyTo)
            implements Command {
        /** Runs without telling anybody how far it is. */
        public Run(Workload workload, ActorRef<StatusReply<Report>> replyTo) {
            this(workload, RunProgress.NONE, replyTo);
        }
    }

    /** Have one vCPU make one access, after those it was asked for before. */
    public record Access(int vcpu, VCpu.Access access) implements Command {}

    /** Report on what was done until now; also while a workload runs. */
    public record Ask(ActorRef<StatusReply<Report>> replyTo) implements Command {}

    /** Tell the run's progress listener how far it is. */
    public enum TellProgress implements Command {
        INSTANCE
    }

    /** Nothing more will happen by itself: a run that has not ended never will, and is reported as it is. */
    public enum Idle implements Command {
        INSTANCE
    }

    /** Stop the machine and everything it started. */
    public enum Stop implements Command {
        INSTANCE
    }

    /** Give pages back, as madvise(2) with MADV_DONTNEED (MADV_REMOVE on shared memory) does; they are zero after. */
    public record Discard(long gpa, long bytes, ActorRef<StatusReply<Done>> replyTo) implements Command {}

    /** Write-protect pages: the next write to each goes round the ring as a WRITE_PROTECT fault. */
    public record WriteProtect(long gpa, long bytes, ActorRef<StatusReply<Done>> replyTo) implements Command {}

    /** An operation on memory was carried out. */
    public enum Done {
        INSTANCE
    }

    /** As many vCPUs are halted as the fetchers were to wait for. */
    enum HoldReached implements Command {
        INSTANCE
    }

    /** What the flush policy had put off when the run ended is flushed. */
    private enum Drained implements Command {
        INSTANCE
    }

    record VCpuFinished(int vcpu) implements Command {}

    record VCpuFailed(int vcpu, Throwable cause) implements Command {}

    /** Nothing can leave the memory any more. */
    record SavesFail(String why) implements Command {}

    record ProtectEnded(ActorRef<ProtectGatherer.Command> gatherer) implements Command {}

    private record Crashed(MachineActors.Role role, int index) implements Command {}

    private record TimeIsUp(MachineRun run) implements Command {}

    private enum CheckProgress implements Command {
        NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachine.class);
    private static final long PROGRESS_NANOS = 100_000_000;

    private final MachineParts parts;
    private final MachineActors actors;
    private final AutoCloseable closedAtEnd;
    private final ActorContext<Command> context;
    private final long beganNanos;
    private final Supervision supervision;
    private final MemoryRequests memory;
    private @Nullable MachineRun run;
    /** Why nothing can be run here any more. */
    private @Nullable RuntimeException broken;

    /**
     * A machine for an actor system of the caller's, in the world {@code threads}. It sets nothing in the system's
     * configuration, and stops every thread it starts when it stops.
     *
     * @param spec
     *            what to build
     */
    public static Behavior<Command> create(MachineSpec spec) {
        return Behaviors.setup(context -> {
            WorldContext world = WorldContexts.onThreads(context.getSystem(), spec.seed());
            return start(spec, world, Workshop.STANDARD, world, context);
        });
    }

    /**
     * A machine in a world that somebody else owns and closes.
     *
     * @param spec
     *            what to build
     * @param world
     *            where it lives
     */
    public static Behavior<Command> create(MachineSpec spec, WorldContext world) {
        return create(spec, world, Workshop.STANDARD);
    }

    /** The same over a kernel that is not simulated, which opens the machine's memory. */
    public static Behavior<Command> create(MachineSpec spec, WorldContext world, HostKernel.Opening kernel) {
        return create(spec, world, Workshop.over(kernel));
    }

    /** The same of parts made elsewhere. */
    static Behavior<Command> create(MachineSpec spec, WorldContext world, Workshop workshop) {
        return Behaviors.setup(context -> start(spec, world, workshop, () -> {
        }, context));
    }

    private static Behavior<Command> start(MachineSpec spec, WorldContext world, Workshop workshop,
            AutoCloseable closedAtEnd, ActorContext<Command> context) throws Exception {
        try {
            MachineParts parts = MachineBuilder.build(spec, world, workshop, context.getSelf());
            return new VirtualMachine(parts, closedAtEnd, context);
        } catch (RuntimeException failure) { // a user's source may throw any when it is opened
            closedAtEnd.close();
            return RefusingMachine.create(failure);
        }
    }

    private VirtualMachine(MachineParts parts, AutoCloseable closedAtEnd, ActorContext<Command> context) {
        this.parts = parts;
        this.closedAtEnd = closedAtEnd;
        this.context = context;
        this.beganNanos = parts.world().clock().nanos();
        this.actors = new MachineActors(parts, context, Crashed::new);
        this.supervision = new Supervision(parts, actors);
        this.memory = new MemoryRequests(parts, actors);
        actors.spawnAll();
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case VCpuFinished _ -> onVCpuFinished();
            case Access access -> memory.access(access, broken);
            case Run request -> onRun(request);
            case Ask ask -> ask.replyTo().tell(StatusReply.success(report()));
            case TellProgress _ -> tellProgress();
            case CheckProgress _ -> onCheckProgress();
            case TimeIsUp up -> onTimeIsUp(up);
            case HoldReached _ -> openGate();
            case Drained _ -> onDrained();
            case Idle _ -> onIdle();
            case Discard discard -> memory.discard(discard, broken);
            case WriteProtect protect -> memory.writeProtect(protect, broken);
            case ProtectEnded ended -> actors.protectEnded(ended.gatherer());
            case Crashed crashed -> onCrashed(crashed);
            case VCpuFailed failed -> onVCpuFailed(failed);
            case SavesFail failed -> fail(new IllegalStateException(failed.why()));
            case Stop _ -> {
                return Behaviors.stopped();
            }
        }
        return this;
    }

    @Override
    protected Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            parts.close();
            try {
                closedAtEnd.close();
            } catch (Exception failure) {
                throw new IllegalStateException("closing the machine's world failed", failure);
            }
            return this;
        }
        return Behaviors.unhandled();
    }

    private void onRun(Run request) {
        if (broken != null) {
            request.replyTo().tell(StatusReply.error(broken));
            return;
        }
        if (run != null) {
            request.replyTo().tell(StatusReply.error("the machine runs a workload already"));
            return;
        }
        try {
            MachineRun next = new MachineRun(parts, request);
            next.start();
            run = next;
            if (next.runForNanos() > 0) {
                parts.world().deliverAfter(next.runForNanos(), context.getSelf(), new TimeIsUp(next));
            }
        } catch (RuntimeException failure) { // a user's workload: its mistake is the answer, not the machine's end
            request.replyTo().tell(StatusReply.error(failure));
            return;
        }
        if (!parts.world().isVirtual()) {
            parts.world().deliverAfter(PROGRESS_NANOS, context.getSelf(), CheckProgress.NOW);
        }
    }

    private void onVCpuFinished() {
        MachineRun current = run;
        if (current != null && current.vcpuFinished()) {
            endRun();
        }
    }

    /** The run is over when the policy has nothing left that it has put off; or will never have done it. */
    private void endRun() {
        MachineRun current = run;
        if (current != null && current.isOver()) {
            parts.oracle().ended();
            onDrained();
        } else if (current != null) {
            current.over();
            parts.shootdown().tell(new TlbShootdown.Drain(new FlushAnswer<>(context.getSelf(), Drained.INSTANCE)));
        }
    }

    private void onDrained() {
        MachineRun current = run;
        if (current != null) {
            run = null;
            current.end(new ReportBuilder(parts).build(current.plannedAccesses(), current.elapsedNanos()));
        }
    }

    private void onTimeIsUp(TimeIsUp up) {
        if (run == up.run()) {
            up.run().timeIsUp();
        }
    }

    private void onIdle() {
        if (parts.hold().isClosed()) {
            openGate(); // none can run
        } else {
            endRun();
        }
    }

    private void openGate() {
        if (parts.hold().isClosed()) {
            parts.hold().open();
            for (int fetcher = 0; fetcher < parts.spec().fetchers(); fetcher++) {
                parts.fetchers().get(fetcher).tell(PageFetcher.Release.INSTANCE);
            }
        }
    }

    private void tellProgress() {
        MachineRun current = run;
        if (current == null) {
            return;
        }
        try {
            current.tellProgress();
        } catch (RuntimeException failure) { // the listener is a user's
            fail(failure);
        }
    }

    private void onCheckProgress() {
        tellProgress();
        MachineRun current = run;
        if (current == null) {
            return;
        }
        if (parts.hold().isClosed() && current.noneCanRun()) {
            openGate();
        }
        if (current.isStuck()) {
            LOG.error("no progress for {} ms: the run ends with vCPUs halted", current.stuckMillis());
            endRun();
        } else {
            parts.world().deliverAfter(PROGRESS_NANOS, context.getSelf(), CheckProgress.NOW);
        }
    }

    private Report report() {
        MachineRun current = run;
        return current == null
                ? new ReportBuilder(parts).build(0, parts.world().clock().nanos() - beganNanos)
                : new ReportBuilder(parts).build(current.plannedAccesses(), current.elapsedNanos());
    }

    private void onCrashed(Crashed crashed) {
        if (broken != null) {
            return;
        }
        RuntimeException failure = supervision.crashed(crashed.role(), crashed.index());
        if (failure != null) {
            fail(failure);
        }
    }

    private void onVCpuFailed(VCpuFailed failed) {
        fail(new IllegalStateException("vCPU " + failed.vcpu() + " died", failed.cause()));
    }

    private void fail(RuntimeException failure) {
        MachineRun current = run;
        run = null;
        broken = failure;
        if (current != null) {
            current.fail(failure);
        } else {
            LOG.error("the machine is broken", failure);
        }
    }
}
