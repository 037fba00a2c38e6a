package io.faultline.embed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.faultline.actors.VirtualMachine;
import io.faultline.flush.RehearsedPolicy;
import io.faultline.machine.MachineListener;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.schedule.Schedule;
import io.faultline.time.NanoClock;
import io.faultline.workload.Workload;
import io.faultline.world.internal.VirtualLoop;
import io.faultline.world.internal.VirtualSystem;

/** The world in virtual time, on the caller's thread. */
public final class VirtualWorld extends World {
    private static final String SYSTEM_NAME = "faultline";
    private static final NanoClock WALL = NanoClock.monotonic();
    /** Between two calls of a run's listener: often enough to stop a run soon, too rarely to be felt. */
    private static final long EVENTS_PER_PROGRESS = 200_000;
    /** After the first a machine lets held reads go, after the next it ends the run, then gives up what was put off. */
    private static final int IDLES_MOST = 3;

    private final long seed;
    private final Schedule schedule;

    VirtualWorld(long seed, Schedule schedule) {
        this.seed = seed;
        this.schedule = schedule;
    }

    @Override
    public String name() {
        return "virtual";
    }

    /** The same world with another order of what is ready at one instant. */
    public VirtualWorld schedule(Schedule order) {
        return new VirtualWorld(seed, order);
    }

    @Override
    public Report run(MachineSpec spec, Workload workload, RunProgress progress) {
        long beganNanos = WALL.nanos();
        if (spec.flushPolicy() instanceof RehearsedPolicy policy) {
            RehearsedPolicy.Rehearsal rehearsal = policy.rehearse();
            once(spec.with(rehearsal.first(), MachineListener.NONE), workload, progress, beganNanos);
            return once(spec.with(rehearsal.second(), spec.listener()), workload, progress, beganNanos);
        }
        return once(spec, workload, progress, beganNanos);
    }

    private Report once(MachineSpec spec, Workload workload, RunProgress progress, long beganNanos) {
        try (VirtualSystem<VirtualMachine.Command> world = boot(spec)) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system()
                    .tell(new VirtualMachine.Run(workload, progress, new Replies(world.system()).into(ended)));
            drive(world, ended, progress);
            return completed(world.loop(), ended.join(), beganNanos);
        } catch (CompletionException failure) {
            throw ThreadsWorld.asUnchecked(failure);
        }
    }

    private static void drive(VirtualSystem<VirtualMachine.Command> world, CompletableFuture<Report> ended,
            RunProgress progress) {
        VirtualLoop loop = world.loop();
        boolean listening = progress != RunProgress.NONE;
        int toldIdle = 0;
        while (!ended.isDone()) {
            long pause = listening ? loop.events() + EVENTS_PER_PROGRESS : Long.MAX_VALUE;
            boolean paused = loop.runUntil(() -> ended.isDone() || loop.events() >= pause);
            if (!paused && toldIdle == IDLES_MOST) {
                throw nobodyAnswers();
            } else if (!paused) {
                toldIdle++;
                world.system().tell(VirtualMachine.Idle.INSTANCE);
            } else if (!ended.isDone()) {
                world.system().tell(VirtualMachine.TellProgress.INSTANCE);
            }
        }
    }

    static IllegalStateException nobodyAnswers() {
        return new IllegalStateException("the machine died without an answer; its log says of what");
    }

    private static Report completed(VirtualLoop loop, Report report, long beganNanos) {
        return report.withTraceHash(loop.traceHash()).withWallNanos(WALL.nanos() - beganNanos);
    }

    @Override
    public OpenMachine open(MachineSpec spec) {
        VirtualSystem<VirtualMachine.Command> world = boot(spec);
        OpenVirtualMachine machine =
                new OpenVirtualMachine(spec, world.system(), new Replies(world.system()), world.loop(), world::close);
        machine.checkBuilt();
        return machine;
    }

    /** Opens the world without a machine, for several: they share its clock and its loop. */
    public OpenWorld open() {
        return new OpenWorld(seed, schedule);
    }

    private VirtualSystem<VirtualMachine.Command> boot(MachineSpec spec) {
        return VirtualSystem.boot(SYSTEM_NAME, seed, schedule, context -> VirtualMachine.create(spec, context));
    }
}
