package io.faultline.embed;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.faultline.kernel.HostKernel;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.schedule.Schedule;
import io.faultline.workload.Workload;

/**
 * Where a machine lives: a clock, a dispatcher and a kernel. A world owns the actor systems it makes and leaves nothing
 * behind; to have a machine in a system of one's own, see {@link io.faultline.actors.VirtualMachine#create}.
 *
 * <p>
 * Threading: a world is immutable and may be used from any thread, by several at once. What it opens says more.
 */
public abstract sealed class World permits ThreadsWorld, VirtualWorld {
    World() {}

    /** A world on threads, as many as there are cores, with the clock on the wall. */
    public static World threads() {
        return new ThreadsWorld(ConfigFactory.empty(), null);
    }

    /**
     * A world on threads over a kernel that is not simulated: vCPUs are threads too, whose faults are real. A machine is
     * run there; opening one to drive it is refused.
     *
     * @param settings
     *            which dispatchers the actors that resolve faults run on ({@code faultline.groups})
     * @param kernel
     *            opens the memory of each machine
     */
    public static World over(Config settings, HostKernel.Opening kernel) {
        return new ThreadsWorld(settings, kernel);
    }

    /**
     * A world in virtual time: one loop on the caller's thread, picks among what is ready by the seed, and gives the same
     * trace hash for the same seed, spec and workload.
     */
    public static VirtualWorld virtual(long seed) {
        return new VirtualWorld(seed, Schedule.random());
    }

    /** What to call it on a command line and in a report. */
    public abstract String name();

    /** Runs a workload to its end; as {@link #run(MachineSpec, Workload, RunProgress)} with nobody listening. */
    public final Report run(MachineSpec spec, Workload workload) {
        return run(spec, workload, RunProgress.NONE);
    }

    /**
     * Builds a machine, runs a workload on it to its end, and takes the machine down.
     *
     * @param spec
     *            what to build
     * @param workload
     *            what its vCPUs do
     * @param progress
     *            is told how far it is, and may ask it to stop
     * @throws io.faultline.registry.InvalidInputException
     *             when the source cannot be opened or the machine does not fit
     * @throws IllegalStateException
     *             when an actor died that cannot be replaced, or the calling thread was interrupted
     */
    public abstract Report run(MachineSpec spec, Workload workload, RunProgress progress);

    /**
     * Builds a machine that the caller drives.
     *
     * @throws io.faultline.registry.InvalidInputException
     *             as {@link #run(MachineSpec, Workload, RunProgress)}
     */
    public abstract OpenMachine open(MachineSpec spec);
}
