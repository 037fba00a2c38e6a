package io.faultline.lab;

import io.faultline.embed.World;
import io.faultline.linux.LinuxSupport;
import io.faultline.linux.world.LinuxWorld;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.workload.Workload;

/** Runs a machine in a world: what stands between the command line and the runtime. */
@FunctionalInterface
interface StressRunner {
    /** The real one. */
    StressRunner WORLDS = (choice, machine, workload, progress) -> world(choice).run(machine, workload, progress);

    /**
     * Runs to the end.
     *
     * @param world which world
     * @param machine what to build
     * @param workload what its vCPUs do
     * @param progress told how far it is, and asked whether to stop
     * @return what happened
     * @throws Exception when the run broke off
     */
    Report run(WorldChoice world, MachineSpec machine, Workload workload, RunProgress progress) throws Exception;

    private static World world(WorldChoice choice) {
        return switch (choice) {
            case WorldChoice.Threads _ -> World.threads();
            case WorldChoice.Linux(long spinNanos) -> linux(spinNanos);
            case WorldChoice.Virtual(long seed, var schedule) -> World.virtual(seed).schedule(schedule);
        };
    }

    private static World linux(long spinNanos) {
        LinuxSupport support = LinuxSupport.probe();
        if (!support.isAvailable()) {
            throw new MachineLacksException("--world linux: " + support.missing());
        }
        return LinuxWorld.create(support, Runtime.getRuntime().availableProcessors(), spinNanos);
    }
}
