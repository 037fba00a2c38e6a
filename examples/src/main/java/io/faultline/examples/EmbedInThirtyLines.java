package io.faultline.examples;

import java.io.PrintStream;
import java.util.List;

import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.source.PageSources;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;

/** The smallest use: one machine under one workload, run on threads and once more in virtual time. */
public final class EmbedInThirtyLines {
    private EmbedInThirtyLines() {}

    /** Runs it. */
    public static void main(String[] args) {
        run(System.out);
    }

    static List<Report> run(PrintStream out) {
        // snippet: run
        MachineSpec machine = MachineSpec.builder()
                .vcpus(512)
                .memory(MemorySize.mebibytes(64))
                .memslots(16)
                .source(PageSources.synthetic())
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(50_000))
                .build();
        Workload workload = Workloads.zipf(1.1).accesses(100_000).writeRatio(0.3);

        Report onThreads = World.threads().run(machine, workload);
        Report virtual = World.virtual(42).run(machine, workload);
        // end snippet
        for (Report report : List.of(onThreads, virtual)) {
            out.printf("%-7s  %,d faults, %d lost, %d pages corrupt, p99 %,d ns, up to %d in flight%n",
                    report.world(), report.faults().resolved(), report.faults().lost(), report.pages().corrupt(),
                    report.faults().latencyNanos().p99(), report.io().inFlightPeak());
        }
        out.println("the same seed gives the same trace: " + virtual.traceHash());
        return List.of(onThreads, virtual);
    }
}
