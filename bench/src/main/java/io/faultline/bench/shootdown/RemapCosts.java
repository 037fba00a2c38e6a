package io.faultline.bench.shootdown;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.faultline.flush.RingPolicy;
import io.faultline.shootdown.CallLoop;
import io.faultline.shootdown.MemoryCall;
import io.faultline.shootdown.ShootdownResult;

/**
 * What came out.
 *
 * @param points the calls that were measured
 * @param moveBeatsCopyFromPages the smallest MOVE that is faster than a COPY of as many pages, beside running CPUs
 * @param rings the deferred ring of single-page MOVEs
 * @param ringBeatsCopyFrom the smallest ring in which such a MOVE is faster than a COPY of a page
 */
record RemapCosts(List<Point> points, OptionalInt moveBeatsCopyFromPages, List<Ring> rings,
        OptionalInt ringBeatsCopyFrom) {
    private static final int PAGES_MOST = 64;
    private static final int RING_MOST = 64;
    /** A ring is filled so often, and a MOVE made so often at least. */
    private static final int FILLED = 16;
    private static final int MOVES_LEAST = 256;

    /**
     * One call.
     *
     * @param measured what and how long in reality
     * @param aloneNanos in the model
     * @param besideNanos in the model, while the other CPUs run
     * @param stolenNanos from each of those, a call
     */
    record Point(MeasuredPoint measured, double aloneNanos, double besideNanos, double stolenNanos) {}

    /**
     * One size of the ring.
     *
     * @param size K
     * @param moveNanos what a MOVE takes, on average
     * @param formulaNanos what a MOVE takes alone, and a K-th of what it takes more beside running CPUs
     * @param ipisPerMove interrupts
     */
    record Ring(int size, double moveNanos, double formulaNanos, double ipisPerMove) {}

    static RemapCosts run(RemapCostPlan plan) {
        List<Point> points = new ArrayList<>();
        for (MeasuredPoint measured : MeasuredPoint.ALL) {
            var loop = CallLoop.of(measured.call(), measured.pages(), plan.calls());
            ShootdownResult beside = plan.run(plan.cpus(), RemapCostPlan.LINUX, loop);
            points.add(new Point(measured, plan.run(1, RemapCostPlan.LINUX, loop).callNanosMean(),
                    beside.callNanosMean(), (double) beside.stolenNanos() / (plan.cpus() - 1) / beside.calls()));
        }
        double copyNanos = nanos(plan, MemoryCall.COPY, 1, plan.cpus());
        var pages = IntStream.rangeClosed(1, PAGES_MOST)
                .filter(count -> nanos(plan, MemoryCall.MOVE_IN, count, plan.cpus()) < nanos(plan, MemoryCall.COPY,
                        count, plan.cpus()))
                .findFirst();
        double aloneNanos = nanos(plan, MemoryCall.MOVE_IN, 1, 1);
        double besideNanos = nanos(plan, MemoryCall.MOVE_IN, 1, plan.cpus());
        IntFunction<Ring> ofSize = size -> ring(plan, size, aloneNanos, besideNanos);
        var ring = IntStream.rangeClosed(1, RING_MOST)
                .filter(size -> ofSize.apply(size).moveNanos() < copyNanos)
                .findFirst();
        return new RemapCosts(points, pages, plan.rings().stream().map(ofSize::apply).toList(), ring);
    }

    private static double nanos(RemapCostPlan plan, MemoryCall call, int pages, int cpus) {
        return plan.run(cpus, RemapCostPlan.LINUX, CallLoop.of(call, pages, plan.calls())).callNanosMean();
    }

    private static Ring ring(RemapCostPlan plan, int size, double aloneNanos, double besideNanos) {
        int moves = Math.max(MOVES_LEAST, FILLED * size);
        ShootdownResult result = plan.run(plan.cpus(),
                new RingPolicy(size, RingPolicy.UNTIL_FULL, RemapCostPlan.LINUX),
                CallLoop.of(MemoryCall.MOVE_IN, 1, moves));
        return new Ring(size, result.callNanosMean(), aloneNanos + (besideNanos - aloneNanos) / size,
                result.flush().ipisPerPage());
    }
}
