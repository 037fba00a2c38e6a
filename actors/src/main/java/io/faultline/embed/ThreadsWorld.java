package io.faultline.embed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

import com.typesafe.config.Config;
import io.faultline.actors.VirtualMachine;
import io.faultline.kernel.HostKernel;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.workload.Workload;
import io.faultline.world.internal.ThreadsSystem;
import org.jspecify.annotations.Nullable;

/** The world on threads. */
final class ThreadsWorld extends World {
    private static final String SYSTEM_NAME = "faultline";

    private final Config settings;
    private final HostKernel.@Nullable Opening kernel;

    /**
     * @param settings
     *            go before the world's
     * @param kernel
     *            null for the simulated one
     */
    ThreadsWorld(Config settings, HostKernel.@Nullable Opening kernel) {
        this.settings = settings;
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return kernel == null ? "threads" : kernel.name();
    }

    @Override
    public Report run(MachineSpec spec, Workload workload, RunProgress progress) {
        try (ThreadsSystem<VirtualMachine.Command> world = boot(spec)) {
            CompletableFuture<Report> ended = new CompletableFuture<>();
            world.system()
                    .tell(new VirtualMachine.Run(workload, progress, new Replies(world.system()).into(ended)));
            Report report = await(termination(world), ended);
            return report.withTimerLateNanosMax(world.context().timerAccuracy().lateMaxNanos());
        } finally {
            if (kernel != null) {
                kernel.ended();
            }
        }
    }

    @Override
    public OpenMachine open(MachineSpec spec) {
        if (kernel != null) {
            throw new UnsupportedOperationException("a machine of the world " + name()
                    + " runs workloads only; open one in World.threads() or World.virtual(seed) to drive it");
        }
        OpenThreadsMachine machine = new OpenThreadsMachine(spec, boot(spec));
        machine.checkBuilt();
        return machine;
    }

    private ThreadsSystem<VirtualMachine.Command> boot(MachineSpec spec) {
        HostKernel.Opening opening = kernel;
        return ThreadsSystem.boot(SYSTEM_NAME, settings, spec.seed(),
                context -> opening == null
                        ? VirtualMachine.create(spec, context)
                        : VirtualMachine.create(spec, context, opening));
    }

    private static CompletableFuture<?> termination(ThreadsSystem<?> world) {
        return world.system().getWhenTerminated().toCompletableFuture();
    }

    /** Waits for an answer, or for the end of everybody who could give it. */
    private static <T> T await(CompletableFuture<?> terminated, CompletableFuture<T> future) {
        try {
            var _ = CompletableFuture.anyOf(future, terminated).get();
            if (!future.isDone()) {
                throw new IllegalStateException("the machine died without an answer; its log says of what");
            }
            return future.get();
        } catch (ExecutionException failure) {
            throw asUnchecked(failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the machine", interrupt);
        }
    }

    /** What a future failed with, as the caller of a run should see it. */
    static RuntimeException asUnchecked(Exception failure) {
        return failure.getCause() instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
    }

    private static final class OpenThreadsMachine extends MachineDriver {
        private final ThreadsSystem<VirtualMachine.Command> world;
        private final CompletableFuture<?> terminated;

        OpenThreadsMachine(MachineSpec spec, ThreadsSystem<VirtualMachine.Command> world) {
            super(spec, world.system(), new Replies(world.system()));
            this.world = world;
            this.terminated = termination(world);
        }

        @Override
        void checkCaller(String what) {
            // Any thread may ask.
        }

        @Override
        <T> T await(CompletableFuture<T> future) {
            return ThreadsWorld.await(terminated, future);
        }

        @Override
        Report withWorldsPart(Report report) {
            return report.withTimerLateNanosMax(world.context().timerAccuracy().lateMaxNanos());
        }

        @Override
        public long nowNanos() {
            return world.context().clock().nanos();
        }

        @Override
        public long nextEventNanos() {
            throw onlyInVirtualTime();
        }

        @Override
        public void advanceTo(long nanos) {
            throw onlyInVirtualTime();
        }

        @Override
        public boolean runUntil(BooleanSupplier condition, long latestNanos) {
            throw onlyInVirtualTime();
        }

        @Override
        public void runUntilIdle() {
            throw onlyInVirtualTime();
        }

        private static UnsupportedOperationException onlyInVirtualTime() {
            return new UnsupportedOperationException(
                    "on threads the clock goes by itself; open the machine in World.virtual(seed) to step it");
        }

        @Override
        void closeWorld() {
            world.close();
        }
    }
}
