package io.faultline.actors;

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
        long delayNanos = timing.latencyNanos() + timing.stallNanos(parts.spec().seed(), batch.page(0),
                batch.fetchAttempt() - 1);
        if (delayNanos > 0) {
            parts.world().deliverAfter(delayNanos, fetcher, new PageFetcher.LatencyPassed(batch, control));
            return false;
        }
        return read(batch, control);
    }

    /** Reads; true when it has ended already, else the control is told when it does. */
    boolean read(PageBatch batch, InFlightReads.Control control) {
        if (!source.blocking()) {
            readPages(batch);
            return true;
        }
        parts.source().begin();
        parts.world().blockingReads().execute(() -> {
            try {
                readPages(batch);
            } finally {
                parts.source().end();
            }
            control.answered(batch);
        });
        return false;
    }

    private void readPages(PageBatch batch) {
        long bytes = 0;
        int errors = 0;
        for (int index = 0; index < batch.count(); index++) {
            String failure = readPage(batch.page(index), batch.buffer(index), batch.fetchAttempt());
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
    private String readPage(long page, PageBuffer buffer, int fetchAttempt) {
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
