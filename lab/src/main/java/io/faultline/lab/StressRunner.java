package io.faultline.lab;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.workload.Workload;

/** Runs a machine in a world: what stands between the command line and the runtime. */
@FunctionalInterface
interface StressRunner {
    /** The real one. */
    StressRunner WORLDS = (world, machine, workload, progress) -> {
        throw new UnsupportedOperationException("no world is wired in yet");
    };

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
}
