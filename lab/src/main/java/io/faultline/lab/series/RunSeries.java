package io.faultline.lab.series;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.faultline.machine.MachineListener;
import io.faultline.ring.Resolution;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a machine does over time, for charts. Its memory depends on the number of vCPUs, not on how long the
 * machine runs.
 *
 * <p>Thread-safe: threads count into {@link Buckets} of their own as long as there are not more of them than shards, so
 * they do not wait for one another. In virtual time one thread does all, and the same run gives the same series.
 */
public final class RunSeries implements MachineListener {
    /** A power of two. Sixteen threads read, and as many as there are cores do the rest. */
    private static final int SHARDS = 32;
    private static final int LATENCY_DIGITS = 2;
    private static final long NOT_BEGUN = Long.MIN_VALUE;

    /** What one thread counts into, made when it first does. */
    private static final class Shard {
        private final Buckets buckets = new Buckets();
        private final Histogram latencies = new Histogram(LATENCY_DIGITS);

        void latency(long nanos) {
            synchronized (latencies) {
                latencies.recordValue(nanos);
            }
        }
    }

    private final AtomicReferenceArray<@Nullable Shard> shards = new AtomicReferenceArray<>(SHARDS);
    private final AtomicLong originNanos;
    /** Each vCPU's, when it halted last; calls about one vCPU come in order. */
    private final long[] raisedNanos;
    private final AtomicInteger readsInFlight = new AtomicInteger();

    /**
     * Ready to listen to one run.
     *
     * @param fromZero whether the world's clock begins at 0; otherwise the first event's time is taken off all
     * @param vcpus how many the machine has
     */
    public RunSeries(boolean fromZero, int vcpus) {
        originNanos = new AtomicLong(fromZero ? 0 : NOT_BEGUN);
        raisedNanos = new long[vcpus];
    }

    @Override
    public void faultRaised(long nanos, int vcpu, long page, boolean write) {
        raisedNanos[vcpu] = nanos;
        count(Signal.FAULTS_RAISED, nanos, 1);
    }

    @Override
    public void faultResolved(long nanos, int vcpu, long page, boolean failed) {
        if (failed) {
            count(Signal.FAULTS_FAILED, nanos, 1);
            return;
        }
        long latencyNanos = Math.max(0, nanos - raisedNanos[vcpu]);
        long at = sinceOrigin(nanos);
        Shard shard = mine();
        shard.buckets.add(Signal.FAULTS_RESOLVED, at, 1);
        shard.buckets.add(Signal.LATENCY_NANOS, at, latencyNanos);
        shard.buckets.peak(Peak.LATENCY_NANOS, at, latencyNanos);
        shard.latency(latencyNanos);
    }

    @Override
    public void vcpuBegan(long nanos, int vcpu) {
        count(Signal.VCPUS_BEGAN, nanos, 1);
    }

    @Override
    public void vcpuIdle(long nanos, int vcpu) {
        count(Signal.VCPUS_IDLE, nanos, 1);
    }

    @Override
    public void inFlightChanged(long nanos, int fetcher, int change) {
        int inFlight = readsInFlight.addAndGet(change);
        if (change > 0) {
            count(Signal.READS_BEGUN, nanos, change);
            mine().buckets.peak(Peak.READS_IN_FLIGHT, sinceOrigin(nanos), inFlight);
        } else {
            count(Signal.READS_ENDED, nanos, -change);
        }
    }

    @Override
    public void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {
        count(Signal.PAGES_INSTALLED, nanos, pages);
    }

    @Override
    public void flushRequested(long nanos, long request, long startGpa, long endGpa) {
        count(Signal.FLUSH_REQUESTS, nanos, 1);
    }

    @Override
    public void ipiSent(long nanos, int cpu, long ticket) {
        count(Signal.IPIS_SENT, nanos, 1);
    }

    private void count(Signal signal, long nanos, long amount) {
        mine().buckets.add(signal, sinceOrigin(nanos), amount);
    }

    /** Threads that read the clock one after the other may come here the other way round. */
    private long sinceOrigin(long nanos) {
        long origin = originNanos.get();
        if (origin == NOT_BEGUN) {
            origin = originNanos.compareAndSet(NOT_BEGUN, nanos) ? nanos : originNanos.get();
        }
        return Math.max(0, nanos - origin);
    }

    private Shard mine() {
        int index = (int) Thread.currentThread().threadId() & SHARDS - 1;
        Shard shard = shards.get(index);
        if (shard != null) {
            return shard;
        }
        Shard made = new Shard();
        return shards.compareAndSet(index, null, made) ? made : mine();
    }

    /** What was gathered so far, over time. */
    public OverTime overTime() {
        Buckets all = new Buckets();
        for (int index = 0; index < SHARDS; index++) {
            Shard shard = shards.get(index);
            if (shard != null) {
                all.addAll(shard.buckets);
            }
        }
        return all.overTime();
    }

    /** The latencies of the faults resolved so far, in nanoseconds, to two digits. */
    public Histogram latencies() {
        Histogram all = new Histogram(LATENCY_DIGITS);
        for (int index = 0; index < SHARDS; index++) {
            Shard shard = shards.get(index);
            if (shard != null) {
                synchronized (shard.latencies) {
                    all.add(shard.latencies);
                }
            }
        }
        return all;
    }
}
