package io.faultline.bench.measure;

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
        return new Measurement(measured.work(), measured.runs(), warmedNanos);
    }

    private static Measurement runs(Contender contender, long atLeastNanos) throws Exception {
        Work sum = Work.NONE;
        int runs = 0;
        do {
            System.gc();
            sum = sum.plus(contender.runOnce());
            runs++;
        } while (sum.nanos() < atLeastNanos);
        return new Measurement(sum, runs, 0);
    }
}
