package io.faultline.bench.measure;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/** Runs a contender for long enough to warm up, and then for long enough to measure. */
public final class Measuring {
    private Measuring() {}

    /**
     * Measures whole runs. The heap is collected before each, so that none pays for what another left behind.
     *
     * @param contender who is measured
     * @param warmUpNanos runs until then do not count; there is at least one
     * @param measureNanos of counted runs, at least; there is at least one
     * @throws Exception as the contender
     */
    public static Measurement measure(Contender contender, long warmUpNanos, long measureNanos) throws Exception {
        long warmedNanos = runs(contender, warmUpNanos).work().nanos();
        Measurement measured = runs(contender, measureNanos);
        return new Measurement(measured.work(), measured.cpuNanos(), measured.runs(), warmedNanos);
    }

    private static Measurement runs(Contender contender, long atLeastNanos) throws Exception {
        Work sum = Work.NONE;
        long cpuNanos = 0;
        int runs = 0;
        do {
            System.gc();
            long cpuBeforeNanos = processCpuNanos();
            sum = sum.plus(contender.runOnce());
            cpuNanos += processCpuNanos() - cpuBeforeNanos;
            runs++;
        } while (sum.nanos() < atLeastNanos);
        return new Measurement(sum, cpuNanos, runs, 0);
    }

    /** 0 where the JVM cannot tell. */
    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }
}
