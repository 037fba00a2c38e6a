package io.faultline.examples;

import java.util.Arrays;

import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.memory.PageSize;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;

/**
 * Pages from a source of one's own, {@link CompressedImage}, one of whose pages is broken: its fetches are tried again,
 * then the page is poisoned, and who touches it is told. Nobody is ever given zeros instead.
 */
public final class OwnPageSource {
    /** One vCPU's share: it walks these and touches each four times. */
    private static final int PAGES = 1024;
    private static final int BROKEN_PAGE = 7;

    private OwnPageSource() {}

    /** Runs it. */
    public static void main(String[] args) {
        Report report = run();
        System.out.printf("%d pages installed, %,d reads verified, %d corrupt%n",
                report.pages().installed(), report.pages().verified(), report.pages().corrupt());
        System.out.printf("%d failed reads, %d page poisoned, %d accesses told of it%n",
                report.io().errors(), report.faults().poisoned(), report.faults().failed());
    }

    static Report run() {
        byte[] image = new byte[Math.toIntExact(PAGES * PageSize.BASE_BYTES)];
        for (int page = 0; page < PAGES; page++) {
            int start = Math.toIntExact(page * PageSize.BASE_BYTES);
            Arrays.fill(image, start, start + (int) PageSize.BASE_BYTES, (byte) page);
        }
        CompressedImage source = new CompressedImage(image);
        source.damage(BROKEN_PAGE);

        // snippet: machine
        MachineSpec machine = MachineSpec.builder()
                .vcpus(64)
                .memory(new MemorySize(image.length))
                .source(source)
                .fetchAttempts(3)
                .fetchBackoffNanos(100_000)
                .build();
        Report report = World.threads().run(machine, Workloads.sequential());
        source.close();
        // end snippet
        return report;
    }
}
