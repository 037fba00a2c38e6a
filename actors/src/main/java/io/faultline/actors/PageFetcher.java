package io.faultline.actors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.chaos.ChaosKind;
import io.faultline.ring.GrantedCredits;
import io.faultline.ring.PageBatch;
import io.faultline.ring.ReceiveSlots;
import io.faultline.ring.Resolution;
import io.faultline.stream.InFlightReads;
import io.faultline.stream.InFlightReads.Answer;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets pages from their source: accepts batches within the credits it granted, runs them through one long-lived stream
 * (rate, then in-flight limit), retries what failed, and hands what arrived to the memslot. A page whose source gives it
 * up is handed on to be poisoned.
 *
 * <p>
 * Bounded by: its credits. A handler never sends more pages than this fetcher granted it, so neither the mailbox nor the
 * stream's queue can overflow; both are asserted. Supervision: it stops when it throws; the machine replaces it.
 */
public final class PageFetcher extends SwitchActor<PageFetcher.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /** Fetch these pages; the sender spends credits for them. */
    public record Fetch(PageBatch batch, int handlerIncarnation) implements Command {}

    /** The memslot has finished with the batch's receive slots, or has no use for the batch. */
    public record Return(PageBatch batch) implements Command {}

    /** A handler was replaced: what the old one was granted goes to the new one. */
    public record HandlerReplaced(int handler, int incarnation) implements Command {}

    /** A memslot was replaced: slots handed to the old one will never be returned. */
    public record MemslotReplaced(int memslot) implements Command {}

    /** The source's latency is over: read now. */
    record LatencyPassed(PageBatch batch, InFlightReads.Control control) implements Command {}

    /** A read that never answers, on purpose, was given up long ago: only its receive slots are still wanted back. */
    record DeadReadBuried(PageBatch batch, InFlightReads.Control control) implements Command {}

    private record Arrived(Answer answer) implements Command {}

    private record Retry(PageBatch batch) implements Command {}

    /** The machine's {@link io.faultline.ring.HoldGate} has opened: read what was held back. */
    enum Release implements Command {
        INSTANCE
    }

    /** To whom exactly a batch went: a memslot that died never gives back what it was handed, its successor does. */
    private record HandOver(PageBatch batch, ActorRef<Memslot.Command> to) {}

    private record StreamFailed(Throwable failure) implements Command {}

    private enum CheckTimeouts implements Command {
        NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(PageFetcher.class);

    private final MachineParts parts;
    private final CrashDice dice;
    private final int index;
    private final int incarnation;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final GrantedCredits credits;
    private final PageReader reader;
    private final ReceiveSlots slots;
    private final BoundedSourceQueue<PageBatch> queue;
    private final InFlightReads.Control control;
    private final int[] handlerIncarnations;
    /** By slot: how it was handed to a memslot, null while the fetcher itself needs it. */
    private @Nullable HandOver[] handedOver;
    /** What came while the machine was to hold its fetchers back. */
    private final List<PageBatch> heldBack = new ArrayList<>();
    private boolean timeoutsScheduled;

    /**
     * Creates a fetcher.
     *
     * @param index
     *            which of the machine's fetchers it is
     * @param incarnation
     *            how many there were before it at that index
     */
    static Behavior<Command> create(MachineParts parts, int index, int incarnation) {
        return Behaviors.setup(context -> new PageFetcher(parts, index, incarnation, context));
    }

    private PageFetcher(MachineParts parts, int index, int incarnation, ActorContext<Command> context) {
        this.parts = parts;
        this.dice = new CrashDice(parts.chaos(), ChaosKind.FETCHER_CRASH, index, incarnation);
        this.index = index;
        this.incarnation = incarnation;
        this.self = context.getSelf();
        this.lane = parts.world().lane("fetcher-" + index);
        int handlers = parts.spec().handlers();
        this.handlerIncarnations = new int[handlers];
        this.credits = new GrantedCredits(handlers, parts.creditPages());
        int capacity = handlers * parts.creditPages();
        this.slots = new ReceiveSlots(parts.spec().pageSize(), parts.isTokens(), capacity);
        this.handedOver = new @Nullable HandOver[capacity];
        this.reader = new PageReader(parts, self);
        InFlightReads reads = new InFlightReads(parts.inFlightPages(index), reader, parts.world().clock(),
                parts.counters()::inFlight);
        // Every element holds at least one credit, so the queue can never be full.
        var running = Source.<PageBatch>queue(capacity)
                .via(parts.sourceRate())
                .viaMat(reads, Keep.both())
                .<Command>map(Arrived::new)
                .recover(new PFBuilder<Throwable, Command>().match(Throwable.class, StreamFailed::new).build())
                .to(Sink.foreach(self::tell))
                .withAttributes(ActorAttributes.dispatcher(parts.world().dispatcherId()))
                .run(Materializer.createMaterializer(context));
        this.queue = running.first();
        this.control = running.second();
        for (int handler = 0; handler < handlers; handler++) {
            // Of a handler newer than this number says, HandlerReplaced will tell.
            handlerIncarnations[handler] = parts.handlers().incarnation(handler);
            parts.handlers().get(handler).tell(credit(handler, parts.creditPages()));
        }
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        dice.roll();
        switch (command) {
            case Fetch fetch -> lane.run(out -> onFetch(fetch));
            case LatencyPassed passed -> onLatencyPassed(passed);
            case DeadReadBuried dead -> dead.control().answered(dead.batch());
            case Arrived arrived -> lane.run(out -> onArrived(arrived.answer(), out));
            case Return returned -> lane.run(out -> onReturn(returned.batch(), out));
            case Release _ -> lane.run(_ -> onRelease());
            case Retry retry -> lane.run(out -> onRetry(retry.batch()));
            case HandlerReplaced replaced -> lane.run(out -> onHandlerReplaced(replaced, out));
            case MemslotReplaced replaced -> lane.run(out -> onMemslotReplaced(replaced.memslot(), out));
            case CheckTimeouts _ -> onCheckTimeouts();
            case StreamFailed failed -> throw new IllegalStateException("fetcher " + index
                    + ": its stream has failed, and with it the reads under way", failed.failure());
        }
        return this;
    }

    private long onFetch(Fetch fetch) {
        PageBatch batch = fetch.batch();
        if (fetch.handlerIncarnation() != handlerIncarnations[batch.handler()]) {
            return 0; // its sender died; the memslot has asked somebody else since
        }
        credits.hold(batch.handler(), batch.count());
        parts.gauges().fetchers.record(credits.totalPeakPages());
        batch.fetcher(index, incarnation);
        for (int page = 0; page < batch.count(); page++) {
            takeSlot(batch, page, slots.take());
        }
        if (parts.hold().isClosed()) {
            heldBack.add(batch);
        } else {
            offer(batch);
        }
        return 0;
    }

    private long onRelease() {
        heldBack.forEach(this::offer);
        heldBack.clear();
        return 0;
    }

    private void takeSlot(PageBatch batch, int page, int slot) {
        if (slot >= handedOver.length) {
            handedOver = Arrays.copyOf(handedOver, Math.max(slot + 1, handedOver.length * 2));
        }
        batch.slot(page, slot, slots.buffer(slot));
    }

    private void offer(PageBatch batch) {
        QueueOfferResult result = queue.offer(batch);
        if (!(result instanceof QueueOfferResult.Enqueued$)) {
            throw new IllegalStateException("fetcher " + index + ": the stream refused " + batch + ": " + result);
        }
        if (!timeoutsScheduled) {
            timeoutsScheduled = true;
            scheduleTimeouts();
        }
    }

    private void scheduleTimeouts() {
        // Half the time-out as period: a read is given up between one and one and a half of it.
        parts.world().deliverAfter(Math.max(1, parts.spec().fetchTimeoutNanos() / 2), self, CheckTimeouts.NOW);
    }

    private void onLatencyPassed(LatencyPassed passed) {
        if (reader.read(passed.batch(), passed.control())) {
            passed.control().answered(passed.batch());
        }
    }

    private long onArrived(Answer answer, Outbox out) {
        switch (answer) {
            case Answer.Ended ended -> onEnded(ended.batch(), out);
            case Answer.TimedOut timedOut -> onTimedOut(timedOut.pages(), out);
            case Answer.Late late -> onLate(late.batch());
        }
        return 0;
    }

    private void onTimedOut(PageBatch pages, Outbox out) {
        parts.counters().readErrors.add(pages.count());
        for (int page = 0; page < pages.count(); page++) {
            slots.giveUp();
        }
        if (pages.count() > 1) {
            readSingly(pages);
        } else {
            pages.fail(0, "page " + pages.page(0) + ": no answer within " + parts.spec().fetchTimeoutNanos() + " ns");
            onFailed(pages, out);
        }
    }

    /** Which of the pages was stuck is not known, and the others must not be poisoned for it: the attempt is not over. */
    private void readSingly(PageBatch pages) {
        parts.counters().retried.add(pages.count());
        for (int page = 0; page < pages.count(); page++) {
            PageBatch single = pages.emptyLike(1);
            single.addWithoutSlot(pages, page);
            onRetry(single);
        }
    }

    private void onLate(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            slots.giveLate(batch.takeSlot(page));
        }
    }

    private void onEnded(PageBatch batch, Outbox out) {
        PageBatch failed = batch.splitFailed();
        if (failed != null) {
            onFailed(failed, out);
        }
        if (batch.count() > 0) {
            handOver(batch, out);
        }
    }

    private void handOver(PageBatch batch, Outbox out) {
        batch.fetchedNanos(parts.world().clock().nanos());
        parts.world().trace(TraceKinds.FETCHED, batch.page(0), batch.count());
        ActorRef<Memslot.Command> memslot = parts.memslots().get(batch.memslot());
        HandOver handOver = new HandOver(batch, memslot);
        for (int page = 0; page < batch.count(); page++) {
            handedOver[batch.slot(page)] = handOver;
        }
        out.tell(memslot, new Memslot.Install(batch));
    }

    private void onFailed(PageBatch batch, Outbox out) {
        int fetchAttempt = batch.fetchAttempt();
        if (fetchAttempt < parts.spec().fetchAttempts()) {
            parts.counters().retried.add(batch.count());
            batch.nextFetchAttempt();
            parts.world().deliverAfter(parts.spec().backOffNanos(fetchAttempt), self, new Retry(batch));
        } else {
            LOG.warn("fetcher {} gives {} pages up after {} attempts, they will be poisoned: {}", index, batch.count(),
                    fetchAttempt, batch.failure());
            giveSlots(batch);
            release(batch.handler(), batch.count(), out);
            batch.noFetcher();
            batch.resolution(Resolution.POISON);
            batch.fetchedNanos(parts.world().clock().nanos());
            out.tell(parts.memslots().get(batch.memslot()), new Memslot.Install(batch));
        }
    }

    private long onRetry(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            if (batch.slot(page) == PageBatch.NO_SLOT) {
                takeSlot(batch, page, slots.take());
            }
        }
        offer(batch);
        return 0;
    }

    private long onReturn(PageBatch batch, Outbox out) {
        if (batch.fetcherIncarnation() != incarnation) {
            return 0; // the slots went with the fetcher before this one
        }
        int given = 0;
        for (int page = 0; page < batch.count(); page++) {
            int slot = batch.slot(page);
            HandOver handOver = handedOver[slot];
            if (handOver != null && handOver.batch() == batch) { // else taken back when the memslot was replaced
                handedOver[slot] = null;
                slots.give(slot);
                given++;
            }
        }
        release(batch.handler(), given, out);
        return 0;
    }

    private void giveSlots(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            int slot = batch.takeSlot(page);
            if (slot != PageBatch.NO_SLOT) {
                slots.give(slot);
            }
        }
    }

    private void release(int handler, int pages, Outbox out) {
        int due = credits.release(handler, pages);
        if (due > 0) {
            out.tell(parts.handlers().get(handler), credit(handler, due));
        }
    }

    private FaultHandler.Credit credit(int handler, int pages) {
        return new FaultHandler.Credit(index, self, incarnation, handlerIncarnations[handler], pages);
    }

    private long onHandlerReplaced(HandlerReplaced replaced, Outbox out) {
        int handler = replaced.handler();
        if (replaced.incarnation() == handlerIncarnations[handler]) {
            return 0; // this fetcher started after the handler and has granted to it already
        }
        handlerIncarnations[handler] = replaced.incarnation();
        int pages = credits.grantAnew(handler);
        if (pages > 0) {
            out.tell(parts.handlers().get(handler), credit(handler, pages));
        }
        return 0;
    }

    private long onMemslotReplaced(int memslot, Outbox out) {
        ActorRef<Memslot.Command> present = parts.memslots().get(memslot);
        for (int slot = 0; slot < handedOver.length; slot++) {
            HandOver handOver = handedOver[slot];
            boolean lost = handOver != null && handOver.batch().memslot() == memslot
                    && !handOver.to().equals(present);
            if (handOver != null && lost) {
                handedOver[slot] = null;
                slots.give(slot);
                release(handOver.batch().handler(), 1, out);
            }
        }
        return 0;
    }

    private void onCheckTimeouts() {
        timeoutsScheduled = slots.inUse() > 0;
        if (timeoutsScheduled) {
            control.expireBegunBy(parts.world().clock().nanos() - parts.spec().fetchTimeoutNanos());
            scheduleTimeouts();
        }
    }
}
