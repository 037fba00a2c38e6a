package io.faultline.actors;

import java.util.function.IntConsumer;

import io.faultline.ring.PageBatch;
import io.faultline.stream.InFlightReads;
import io.faultline.stream.InFlightReads.Answer;
import io.faultline.stream.ReadStarter;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A fetcher's one long-lived stream: batches to be read go in, and through its rate and its in-flight limit; what came of
 * them is told to the fetcher. Ends with the fetcher. Belongs to it.
 */
final class FetchStream {
    private final int index;
    private final BoundedSourceQueue<PageBatch> queue;
    private final InFlightReads.Control control;

    /**
     * @param index
     *            which of the machine's fetchers it belongs to
     * @param capacity
     *            pages that can ever wait in it
     */
    FetchStream(MachineParts parts, int index, int capacity, ReadStarter reader,
            ActorContext<PageFetcher.Command> context) {
        this.index = index;
        InFlightReads reads = new InFlightReads(parts.inFlightPages(index), reader, parts.world().clock(),
                inFlightChanged(parts, index));
        // Every element holds at least one credit, so the queue can never be full.
        var running = Source.<PageBatch>queue(capacity)
                .via(parts.sourceRate())
                .viaMat(reads, Keep.both()).<PageFetcher
                        .Command>map(FetchStream::arrived)
                .recover(new PFBuilder<Throwable, PageFetcher.Command>()
                        .match(Throwable.class, PageFetcher.StreamFailed::new)
                        .build())
                .to(Sink.foreach(context.getSelf()::tell))
                .withAttributes(ActorAttributes.dispatcher(parts.world().dispatcherId(index)))
                .run(Materializer.createMaterializer(context));
        this.queue = running.first();
        this.control = running.second();
    }

    private static IntConsumer inFlightChanged(MachineParts parts, int fetcher) {
        if (!parts.isHeard()) {
            return parts.counters()::inFlight;
        }
        return change -> {
            parts.counters().inFlight(change);
            parts.listener().inFlightChanged(parts.world().clock().nanos(), fetcher, change);
        };
    }

    private static PageFetcher.Command arrived(Answer answer) {
        return new PageFetcher.Arrived(answer);
    }

    void offer(PageBatch batch) {
        QueueOfferResult result = queue.offer(batch);
        if (!(result instanceof QueueOfferResult.Enqueued$)) {
            throw new IllegalStateException("fetcher " + index + ": the stream refused " + batch + ": " + result);
        }
    }

    /** Gives up every read begun at or before {@code nanos}. */
    void expireBegunBy(long nanos) {
        control.expireBegunBy(nanos);
    }
}
