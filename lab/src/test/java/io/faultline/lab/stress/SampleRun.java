package io.faultline.lab.stress;

import java.util.List;
import java.util.Map;

import io.faultline.embed.World;
import io.faultline.lab.html.Page;
import io.faultline.lab.series.RunSeries;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.source.PageSources;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;

/** A real run, small, with something in every chart. */
public final class SampleRun {
    private static final int VCPUS = 32;

    private SampleRun() {}

    /**
     * Its page.
     *
     * @param world virtual or threads
     */
    public static Page page(String world) {
        boolean virtual = world.equals("virtual");
        RunSeries series = new RunSeries(virtual, VCPUS);
        MachineSpec machine = MachineSpec.builder()
                .vcpus(VCPUS)
                .memory(MemorySize.mebibytes(4))
                .memslots(4)
                .inFlight(16)
                .evictAbovePercent(50)
                .source(PageSources.synthetic())
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(50_000))
                .listener(series)
                .build();
        Report report = (virtual ? World.virtual(1) : World.threads()).run(machine,
                Workloads.random().accesses(4_000).writeRatio(0.5));
        return StressPage.of(run(), report, series);
    }

    /** What was run, as the command line tells it. */
    static WhatWasRun run() {
        return new WhatWasRun(List.of("Faultline stress", "32 vCPUs", "contents from synthetic"),
                "./faultline stress --vcpus 32 --seed 1", Map.of("vcpus", VCPUS), true, "0.1.0");
    }
}
