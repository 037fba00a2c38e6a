package io.faultline.actors;

import io.faultline.chaos.Chaos;
import io.faultline.chaos.ChaosKind;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.PageBatch;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.stream.InFlightReads;
import io.faultline.stream.ReadStarter;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Reads the pages of a batch from the machine's source, after the latency the source is to have: at once, or on the
 * world's pool for blocking reads.
 *
 * <p>
 * Threading: {@link #begin} is called by the stream; a blocking read goes on in the pool. A batch is read by one thread
 * at a time, and the hand-overs make it visible.
 */
final class PageReader implements ReadStarter {
    /** After so many time-outs every read that was given up has surely been. */
    private static final int DEAD_READ_TIMEOUTS = 4;
    private static final long LONGEST_TIMEOUT_NANOS = Long.MAX_VALUE / 8;
    private static final long FETCH_ATTEMPTS_MOST = 1 << 10;

    private final MachineParts parts;
    private final PageSource source;
    private final SourceTiming timing;
    private final ActorRef<PageFetcher.Command> fetcher;

    PageReader(MachineParts parts, ActorRef<PageFetcher.Command> fetcher) {
        this.parts = parts;
        this.source = parts.source().source();
        this.timing = parts.spec().sourceTiming();
        this.fetcher = fetcher;
    }

    @Override
    public boolean begin(PageBatch batch, InFlightReads.Control control) {
        if (parts.isHeard()) {
            tellBegan(batch);
        }
        long delayNanos = timing.latencyNanos() + timing.stallNanos(parts.spec().seed(), batch.page(0),
                batch.fetchAttempt() - 1);
        long chaosNanos = lateOnPurposeNanos(batch.page(0), draw(batch, 0));
        if (chaosNanos == Chaos.NEVER) {
            long buriedNanos = DEAD_READ_TIMEOUTS * Math.min(parts.spec().fetchTimeoutNanos(), LONGEST_TIMEOUT_NANOS);
            parts.world().deliverAfter(buriedNanos, fetcher, new PageFetcher.DeadReadBuried(batch, control));
            return false;
        }
        delayNanos += chaosNanos;
        if (delayNanos > 0) {
            parts.world().deliverAfter(delayNanos, fetcher, new PageFetcher.LatencyPassed(batch, control));
            return false;
        }
        return read(batch, control);
    }

    private long lateOnPurposeNanos(long page, long draw) {
        long nanos = parts.chaos().answerAfterNanos(page, draw);
        if (nanos == Chaos.NEVER) {
            parts.chaosCounts().count(ChaosKind.FETCH_DEAD);
        } else if (nanos > 0) {
            failsOnPurpose(ChaosKind.FETCH_DELAY, page, draw);
            failsOnPurpose(ChaosKind.FETCH_STALL, page, draw);
        }
        return nanos;
    }

    private boolean failsOnPurpose(ChaosKind kind, long page, long draw) {
        boolean fails = parts.chaos().hits(kind, page, draw);
        if (fails) {
            parts.chaosCounts().count(kind);
        }
        return fails;
    }

    private void tellBegan(PageBatch batch) {
        long now = parts.world().clock().nanos();
        for (int index = 0; index < batch.count(); index++) {
            parts.listener().fetchBegan(now, batch.fetcher(), batch.page(index));
        }
    }

    /** Reads; true when it has ended already, else the control is told when it does. */
    boolean read(PageBatch batch, InFlightReads.Control control) {
        if (!source.blocking()) {
            readPages(batch);
            return true;
        }
        parts.world().blockingReads().execute(() -> {
            if (!parts.source().begin()) {
                return;
            }
            try {
                readPages(batch);
            } finally {
                parts.source().end();
            }
            control.answered(batch);
        });
        return false;
    }

    /** Tells every try of every fetch of a page from all others. */
    private static long draw(PageBatch batch, int index) {
        return batch.attempt(index) * FETCH_ATTEMPTS_MOST + batch.fetchAttempt();
    }

    private void readPages(PageBatch batch) {
        long bytes = 0;
        int errors = 0;
        for (int index = 0; index < batch.count(); index++) {
            String failure = readPage(batch, index);
            if (failure.isEmpty()) {
                bytes += parts.spec().pageSize().bytes();
            } else {
                errors++;
                batch.fail(index, failure);
            }
        }
        parts.counters().reads.add(batch.count());
        parts.counters().readBytes.add(bytes);
        if (errors > 0) {
            parts.counters().readErrors.add(errors);
        }
    }

    /** Reads one page and says why that failed, or nothing. */
    private String readPage(PageBatch batch, int index) {
        long page = batch.page(index);
        PageBuffer buffer = batch.buffer(index);
        int fetchAttempt = batch.fetchAttempt();
        if (failsOnPurpose(ChaosKind.FETCH_ERROR, page, draw(batch, index))) {
            return "page " + page + ": error on purpose";
        }
        if (failsOnPurpose(ChaosKind.SHORT_READ, page, draw(batch, index))) {
            return "page " + page + ": short read on purpose";
        }
        if (timing.isError(parts.spec().seed(), page, fetchAttempt - 1)) {
            return "page " + page + ": injected error";
        }
        try {
            ReadResult result = source.read(page, buffer);
            return switch (result.status()) {
                case OK -> "";
                case SHORT -> "page " + page + ": short read from " + source.name();
                case ERROR -> "page " + page + ": " + source.name() + ": " + result.reason();
            };
        } catch (RuntimeException | AssertionError thrown) { // a user's source: its bug must not cost us a fetcher
            return "page " + page + ": " + source.name() + " threw " + thrown;
        }
    }
}
