package io.faultline.bench.ring;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.bench.peer.JobShape;
import io.faultline.bench.peer.SharedWalk;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.memory.PageSize;
import io.faultline.source.PageSources;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;

/**
 * Faultline itself: the whole machine in the world on threads, as {@code stress} runs it, with its defaults but
 * for the oracle, which is off. A machine's
 * memory fills up, so each run has a machine of its own; what counts is the time from the first access to the last, as
 * the report gives it, without building the machine and taking it down.
 */
final class MachineContender implements Contender {
    private final MachineSpec spec;
    private final Workload workload;
    private final long accesses;

    MachineContender(JobShape shape) {
        this.spec = MachineSpec.builder()
                .vcpus(shape.vcpus())
                .memory(new MemorySize(shape.pages() * PageSize.SIZE_4K.bytes()))
                .inFlight(shape.inFlight())
                .contents(shape.contents())
                .source(PageSources.synthetic())
                .oracle(OracleLevel.OFF)
                .build();
        this.accesses = shape.accesses();
        this.workload = new SharedWalk(shape.sharing()).accesses(accesses).writeRatio(0);
    }

    @Override
    public Work runOnce() {
        Report report = World.threads().run(spec, workload);
        if (!report.invariantsHeld()) {
            throw new IllegalStateException("the machine's invariants did not hold: " + report.brokenInvariants());
        }
        if (report.pages().verified() != accesses) {
            throw new IllegalStateException(
                    report.pages().verified() + " of " + accesses + " reads of the machine were right");
        }
        long faults = report.faults().resolved();
        return new Work(accesses, faults, faults * report.faults().latencyNanos().mean(), report.wallNanos());
    }
}
