package io.faultline.actors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.faultline.machine.LatencyBucket;
import io.faultline.machine.Percentiles;
import io.faultline.machine.SlowFault;
import io.faultline.machine.StageNanos;
import org.HdrHistogram.Histogram;

/**
 * How long faults took, as a whole and stage by stage, in nanoseconds, as one shard of those who go on after them has
 * seen it. Not thread-safe: each shard belongs to one thread, and {@link #snapshot} merges them.
 */
final class FaultTimes {
    /** Distributions at one moment, as the report shows them. */
    record Snapshot(Percentiles latencyNanos, List<LatencyBucket> histogram, StageNanos stageNanos,
            List<SlowFault> slowest) {}

    private static final int SLOWEST_KEPT = 10;
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final Comparator<SlowFault> SLOWEST_FIRST = Comparator.comparingLong(SlowFault::latencyNanos)
            .reversed()
            .thenComparingLong(SlowFault::raisedNanos)
            .thenComparingInt(SlowFault::vcpu);

    private final long beganNanos;
    private final Histogram latency = new Histogram(LONGEST_NANOS, DIGITS);
    private final List<SlowFault> slowest = new ArrayList<>(SLOWEST_KEPT + 1);
    private long slowThresholdNanos = -1;
    private long queueNanos;
    private long handlerNanos;
    private long fetchNanos;
    private long installNanos;
    private long wakeNanos;

    /**
     * @param beganNanos
     *            when the run began, on the world's clock
     */
    FaultTimes(long beganNanos) {
        this.beganNanos = beganNanos;
    }

    /** Records a fault as its vCPU goes on. */
    void record(int vcpu, long page, long raisedNanos, VCpu.Resume resume, long resumedNanos) {
        // A fault that joined one under way began after that one's first stages: those took it no time.
        long forwarded = Math.max(raisedNanos, resume.forwardedNanos());
        long handled = Math.max(forwarded, resume.handledNanos());
        long fetched = Math.max(handled, resume.fetchedNanos());
        long installed = Math.max(fetched, resume.installedNanos());
        long resumed = Math.max(installed, resumedNanos);
        long latencyNanos = resumed - raisedNanos;
        latency.recordValue(Math.min(latencyNanos, LONGEST_NANOS));
        queueNanos += forwarded - raisedNanos;
        handlerNanos += handled - forwarded;
        fetchNanos += fetched - handled;
        installNanos += installed - fetched;
        wakeNanos += resumed - installed;
        if (latencyNanos > slowThresholdNanos) {
            StageNanos stages = new StageNanos(forwarded - raisedNanos, handled - forwarded, fetched - handled,
                    installed - fetched, resumed - installed);
            keepSlow(new SlowFault(page, resume.memslot(), vcpu, resume.kind().name(),
                    raisedNanos - beganNanos, latencyNanos, stages));
        }
    }

    /** Locked, though only its thread calls it: a list that is read meanwhile must be whole. */
    private synchronized void keepSlow(SlowFault fault) {
        slowest.add(fault);
        if (slowest.size() > SLOWEST_KEPT) {
            slowest.sort(SLOWEST_FIRST);
            slowest.removeLast();
            slowThresholdNanos = slowest.getLast().latencyNanos();
        }
    }

    /** All shards together; exact when none of their threads records, a moment old otherwise. */
    static Snapshot snapshot(List<FaultTimes> shards) {
        Histogram latency = new Histogram(LONGEST_NANOS, DIGITS);
        FaultTimes total = new FaultTimes(0);
        List<SlowFault> slowest = new ArrayList<>();
        for (FaultTimes shard : shards) {
            latency.add(shard.latency);
            total.addTimes(shard);
            slowest.addAll(shard.slowest());
        }
        slowest.sort(SLOWEST_FIRST);
        return new Snapshot(Percentiles.of(latency), LatencyBucket.histogram(latency),
                total.means(latency.getTotalCount()),
                List.copyOf(slowest.subList(0, Math.min(SLOWEST_KEPT, slowest.size()))));
    }

    private synchronized List<SlowFault> slowest() {
        return List.copyOf(slowest);
    }

    private void addTimes(FaultTimes other) {
        queueNanos += other.queueNanos;
        handlerNanos += other.handlerNanos;
        fetchNanos += other.fetchNanos;
        installNanos += other.installNanos;
        wakeNanos += other.wakeNanos;
    }

    private StageNanos means(long count) {
        long divisor = Math.max(1, count);
        return new StageNanos(queueNanos / divisor, handlerNanos / divisor, fetchNanos / divisor,
                installNanos / divisor, wakeNanos / divisor);
    }
}
