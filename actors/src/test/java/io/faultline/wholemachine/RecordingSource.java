package io.faultline.wholemachine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.source.ReadResult;

/**
 * A synthetic source that remembers what it was asked for, by how many at once, and whether it was closed too early. The
 * verifier reads the source too: where only fetches are to be counted, the machine must not verify.
 */
class RecordingSource implements PageSource {
    private final PageSource synthetic = PageSources.synthetic(TestWorld.SEED);
    private final boolean blocking;
    private final ConcurrentHashMap<Long, AtomicInteger> reads = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger underWayPeak = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile boolean misused;

    RecordingSource(boolean blocking) {
        this.blocking = blocking;
    }

    /** The pages that were read. */
    Set<Long> pages() {
        return Set.copyOf(reads.keySet());
    }

    /** How often a page was asked for. */
    int readsOf(long page) {
        AtomicInteger count = reads.get(page);
        return count == null ? 0 : count.get();
    }

    /** How often any page was asked for. */
    int readCount() {
        return reads.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** The most reads at once. */
    int underWayPeak() {
        return underWayPeak.get();
    }

    int closedCount() {
        return closed.get();
    }

    /** Whether it was read after it was closed, or closed while it was read. */
    boolean wasMisused() {
        return misused;
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public boolean blocking() {
        return blocking;
    }

    @Override
    public final ReadResult read(long firstPage, PageBuffer destination) {
        underWayPeak.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        misused |= closed.get() > 0;
        try {
            int earlier = reads.computeIfAbsent(firstPage, _ -> new AtomicInteger()).getAndIncrement();
            return answer(firstPage, destination, earlier);
        } finally {
            misused |= closed.get() > 0;
            underWay.decrementAndGet();
        }
    }

    /** What the source answers; {@code earlier} is how often it was asked for the page before. */
    ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
        return synthetic.read(firstPage, destination);
    }

    @Override
    public void close() {
        misused |= underWay.get() > 0 || closed.incrementAndGet() > 1;
    }
}
