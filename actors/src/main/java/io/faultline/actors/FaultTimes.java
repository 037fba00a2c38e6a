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
 * How long faults took, as a whole and stage by stage, in nanoseconds.
 *
 * <p>
 * Threading: recorded by every vCPU. Each writes to the shard of its index under that shard's lock, which is hardly ever
 * contended; {@link #snapshot()} merges the shards.
 */
final class FaultTimes {
    /** Distributions at one moment, as the report shows them. */
    record Snapshot(Percentiles latencyNanos, List<LatencyBucket> histogram, StageNanos stageNanos,
            List<SlowFault> slowest) {}

    private static final int SHARDS = 8;
    private static final int SLOWEST_KEPT = 10;
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final Comparator<SlowFault> SLOWEST_FIRST = Comparator.comparingLong(SlowFault::latencyNanos)
            .reversed()
            .thenComparingLong(SlowFault::raisedNanos)
            .thenComparingInt(SlowFault::vcpu);

    private final long beganNanos;
    private final Shard[] shards = new Shard[SHARDS];

    /**
     * @param beganNanos
     *            when the run began, on the world's clock
     */
    FaultTimes(long beganNanos) {
        this.beganNanos = beganNanos;
        for (int index = 0; index < SHARDS; index++) {
            shards[index] = new Shard();
        }
    }

    /** Records a fault as its vCPU goes on. */
    void record(int vcpu, long page, long raisedNanos, VCpu.Resume resume, long resumedNanos) {
        Shard shard = shards[vcpu % SHARDS];
        // A fault that joined one under way began after that one's first stages: those took it no time.
        long forwarded = Math.max(raisedNanos, resume.forwardedNanos());
        long handled = Math.max(forwarded, resume.handledNanos());
        long fetched = Math.max(handled, resume.fetchedNanos());
        long installed = Math.max(fetched, resume.installedNanos());
        long resumed = Math.max(installed, resumedNanos);
        long latencyNanos = resumed - raisedNanos;
        synchronized (shard) {
            shard.latency.recordValue(Math.min(latencyNanos, LONGEST_NANOS));
            shard.maxNanos = Math.max(shard.maxNanos, latencyNanos);
            shard.queueNanos += forwarded - raisedNanos;
            shard.handlerNanos += handled - forwarded;
            shard.fetchNanos += fetched - handled;
            shard.installNanos += installed - fetched;
            shard.wakeNanos += resumed - installed;
            if (latencyNanos > shard.slowThresholdNanos) {
                StageNanos stages = new StageNanos(forwarded - raisedNanos, handled - forwarded, fetched - handled,
                        installed - fetched, resumed - installed);
                shard.keepSlow(new SlowFault(page, resume.memslot(), vcpu, resume.kind().name(),
                        raisedNanos - beganNanos, latencyNanos, stages));
            }
        }
    }

    /** All shards together. */
    Snapshot snapshot() {
        Histogram latency = new Histogram(LONGEST_NANOS, DIGITS);
        Shard total = new Shard();
        List<SlowFault> slowest = new ArrayList<>();
        for (Shard shard : shards) {
            synchronized (shard) {
                latency.add(shard.latency);
                total.addTimes(shard);
                slowest.addAll(shard.slowest);
            }
        }
        slowest.sort(SLOWEST_FIRST);
        return new Snapshot(Percentiles.of(latency), LatencyBucket.histogram(latency),
                total.means(latency.getTotalCount()),
                List.copyOf(slowest.subList(0, Math.min(SLOWEST_KEPT, slowest.size()))));
    }

    private static final class Shard {
        private final Histogram latency = new Histogram(LONGEST_NANOS, DIGITS);
        private final List<SlowFault> slowest = new ArrayList<>(SLOWEST_KEPT + 1);
        private long slowThresholdNanos = -1;
        private long maxNanos;
        private long queueNanos;
        private long handlerNanos;
        private long fetchNanos;
        private long installNanos;
        private long wakeNanos;

        void addTimes(Shard other) {
            maxNanos = Math.max(maxNanos, other.maxNanos);
            queueNanos += other.queueNanos;
            handlerNanos += other.handlerNanos;
            fetchNanos += other.fetchNanos;
            installNanos += other.installNanos;
            wakeNanos += other.wakeNanos;
        }

        StageNanos means(long count) {
            long divisor = Math.max(1, count);
            return new StageNanos(queueNanos / divisor, handlerNanos / divisor, fetchNanos / divisor,
                    installNanos / divisor, wakeNanos / divisor);
        }

        void keepSlow(SlowFault fault) {
            slowest.add(fault);
            if (slowest.size() > SLOWEST_KEPT) {
                slowest.sort(SLOWEST_FIRST);
                slowest.removeLast();
                slowThresholdNanos = slowest.getLast().latencyNanos();
            }
        }
    }
}
