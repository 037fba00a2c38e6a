package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.faultline.actors.TlbShootdown.Flush;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The bounded stream that flush requests pass: it makes batches of what comes while the shootdown is at work, and hands it
 * the next when it asks. What comes beyond {@link #QUEUE_REQUESTS} waits here. Belongs to the shootdown.
 */
final class FlushStream {
    /** Requests the stream holds at once. */
    static final int QUEUE_REQUESTS = 256;
    private static final int BATCH_REQUESTS = 64;

    private final MachineParts parts;
    private final ActorRef<TlbShootdown.Command> shootdown;
    private final BoundedSourceQueue<Flush> queue;
    private final ArrayDeque<Flush> waiting = new ArrayDeque<>();
    private int queued;

    FlushStream(MachineParts parts, ActorContext<TlbShootdown.Command> context) {
        this.parts = parts;
        this.shootdown = context.getSelf();
        this.queue = Source.<Flush>queue(QUEUE_REQUESTS)
                .batch(BATCH_REQUESTS, FlushStream::listOf, FlushStream::add)
                .mapAsync(1, this::handOver)
                .to(Sink.ignore())
                .withAttributes(ActorAttributes.dispatcher(parts.world().dispatcherId()))
                .run(Materializer.createMaterializer(context));
    }

    private static List<Flush> listOf(Flush first) {
        List<Flush> list = new ArrayList<>();
        list.add(first);
        return list;
    }

    private static List<Flush> add(List<Flush> list, Flush next) {
        list.add(next);
        return list;
    }

    /** Runs in the stream: asks for the next batch only when this one was taken. */
    private CompletableFuture<Done> handOver(List<Flush> requests) {
        CompletableFuture<Done> taken = new CompletableFuture<>();
        shootdown.tell(new TlbShootdown.Batch(requests, taken));
        return taken;
    }

    /** A request has come. */
    void offer(Flush flush) {
        waiting.add(flush);
        offerWaiting();
    }

    /** A batch has left the stream. */
    void taken(TlbShootdown.Batch batch) {
        queued -= batch.requests().size();
        offerWaiting();
    }

    /** Whether every request that came has left. */
    boolean isEmpty() {
        return queued == 0 && waiting.isEmpty();
    }

    private void offerWaiting() {
        while (queued < QUEUE_REQUESTS && !waiting.isEmpty()) {
            QueueOfferResult result = queue.offer(waiting.removeFirst());
            if (!(result instanceof QueueOfferResult.Enqueued$)) {
                throw new IllegalStateException("the stream of flush requests refused one: " + result);
            }
            queued++;
            parts.gauges().shootdown.record(queued);
        }
    }
}
