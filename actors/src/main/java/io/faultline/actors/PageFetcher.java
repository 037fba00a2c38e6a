package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.faultline.chaos.ChaosKind;
import io.faultline.cost.Operation;
import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.stream.InFlightReads;
import io.faultline.stream.InFlightReads.Answer;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
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

    /** Something has come out of the stream. */
    record Arrived(Answer answer) implements Command {}

    private record Retry(PageBatch batch) implements Command {}

    /** The machine's {@link io.faultline.ring.HoldGate} has opened: read what was held back. */
    enum Release implements Command {
        INSTANCE
    }

    /** The stream is broken. */
    record StreamFailed(Throwable failure) implements Command {}

    /** The flush of a staging slot that a page was moved out of is released: the slot may be received into again. */
    record SlotReleased(PageBatch batch, int slot) implements Command {}

    /** An interrupt or a broadcast for the CPU that this fetcher runs on: {@link HostSignals} has what it asks. */
    enum Interrupt implements Command {
        INSTANCE
    }

    private enum TryFramesAgain implements Command {
        NOW
    }

    private enum CheckTimeouts implements Command {
        NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(PageFetcher.class);
    private static final long NO_FRAME_RETRY_NANOS = 1_000_000;

    private final MachineParts parts;
    private final CrashDice dice;
    private final int index;
    private final int incarnation;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final FetcherCredits credits;
    private final PageReader reader;
    private final ReceiveDesk desk;
    private final FetchStream stream;
    /** What came while the machine was to hold its fetchers back. */
    private final List<PageBatch> heldBack = new ArrayList<>();
    private boolean timeoutsScheduled;
    private boolean framesScheduled;

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
        this.dice = new CrashDice(parts, ChaosKind.FETCHER_CRASH, index, incarnation);
        this.index = index;
        this.incarnation = incarnation;
        this.self = context.getSelf();
        this.lane = parts.world().lane("fetcher-" + index, self);
        this.credits = new FetcherCredits(parts, index, incarnation, self);
        this.desk = new ReceiveDesk(parts, index, credits);
        this.reader = new PageReader(parts, self);
        this.stream = new FetchStream(parts, index, parts.receiveSlots(), reader, context);
        credits.grant();
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        dice.roll();
        switch (command) {
            case Fetch fetch -> onFetchAsked(fetch);
            case LatencyPassed passed -> onLatencyPassed(passed);
            case DeadReadBuried dead -> dead.control().answered(dead.batch());
            case Arrived arrived -> lane.run(out -> onArrived(arrived.answer(), out));
            case Return returned -> lane.run(out -> onReturn(returned.batch(), out));
            case Release _ -> lane.run(_ -> onRelease());
            case Retry retry -> lane.run(out -> onRetry(retry.batch()));
            case SlotReleased released -> lane.run(out -> onSlotReleased(released, out));
            case Interrupt _ -> lane.run(cpu()::interrupt);
            case TryFramesAgain _ -> lane.run(this::onTryFramesAgain);
            case HandlerReplaced replaced -> lane.run(out -> onHandlerReplaced(replaced, out));
            case MemslotReplaced replaced -> lane.run(out -> onMemslotReplaced(replaced.memslot(), out));
            case CheckTimeouts _ -> onCheckTimeouts();
            case StreamFailed failed -> throw new IllegalStateException("fetcher " + index
                    + ": its stream has failed, and with it the reads under way", failed.failure());
        }
        return this;
    }

    @Override
    protected void onStopped() {
        lane.abandon();
    }

    /** What it takes to ask for pages is over before the stream is offered them, whose steps take no cost of ours. */
    private void onFetchAsked(Fetch fetch) {
        if (!parts.charges().isFree()) {
            lane.run(_ -> parts.charges().of(Operation.FETCH_PAGE, fetch.batch().count()));
        }
        lane.run(_ -> onFetch(fetch));
    }

    private long onFetch(Fetch fetch) {
        PageBatch batch = fetch.batch();
        if (!credits.hold(batch, fetch.handlerIncarnation())) {
            return 0;
        }
        batch.fetcher(index, incarnation);
        desk.giveBuffers(batch);
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

    private void offer(PageBatch batch) {
        stream.offer(batch);
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
            case Answer.Late late -> desk.takeLate(late.batch());
        }
        return 0;
    }

    private void onTimedOut(PageBatch pages, Outbox out) {
        parts.counters().readErrors.add(pages.count());
        tellEnded(pages, true);
        desk.giveUp(pages);
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

    private void onEnded(PageBatch batch, Outbox out) {
        PageBatch failed = batch.splitFailed();
        tellEnded(batch, false);
        if (failed != null) {
            tellEnded(failed, true);
            onFailed(failed, out);
        }
        if (batch.count() == 0) {
            return;
        }
        if (batch.resolution() == Resolution.MOVE) {
            desk.arrived(batch);
            handOverStaged(out);
        } else {
            handOver(batch, out);
        }
    }

    /** Hands over what arrived, as far as there are frames to receive it in; those come back when pages are evicted. */
    private void handOverStaged(Outbox out) {
        for (PageBatch batch = desk.next(); batch != null; batch = desk.next()) {
            handOver(batch, out);
        }
        if (desk.isWaitingForFrames() && !framesScheduled) {
            framesScheduled = true;
            parts.world().deliverAfter(NO_FRAME_RETRY_NANOS, self, TryFramesAgain.NOW);
        }
    }

    private long onTryFramesAgain(Outbox out) {
        framesScheduled = false;
        handOverStaged(out);
        return 0;
    }

    private void tellEnded(PageBatch batch, boolean failed) {
        if (parts.isHeard()) {
            long now = parts.world().clock().nanos();
            for (int page = 0; page < batch.count(); page++) {
                parts.listener().fetchEnded(now, index, batch.page(page), failed);
            }
        }
    }

    private void handOver(PageBatch batch, Outbox out) {
        batch.fetchedNanos(parts.world().clock().nanos());
        parts.world().trace(TraceKinds.FETCHED, batch.page(0), batch.count());
        ActorRef<Memslot.Command> memslot = parts.memslots().get(batch.memslot());
        desk.lend(batch, memslot);
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
            desk.takeBuffers(batch);
            credits.freed(batch.handler(), batch.count());
            credits.tellFreed(out);
            batch.noFetcher();
            batch.resolution(Resolution.POISON);
            batch.fetchedNanos(parts.world().clock().nanos());
            out.tell(parts.memslots().get(batch.memslot()), new Memslot.Install(batch));
        }
    }

    private long onRetry(PageBatch batch) {
        desk.giveBuffers(batch);
        offer(batch);
        return 0;
    }

    private long onReturn(PageBatch batch, Outbox out) {
        if (batch.fetcherIncarnation() == incarnation) { // else its slots went with the fetcher before this one
            desk.returned(batch, out);
        }
        return 0;
    }

    private long onSlotReleased(SlotReleased released, Outbox out) {
        if (released.batch().fetcherIncarnation() == incarnation) {
            desk.released(released.batch(), released.slot(), out);
        }
        return 0;
    }

    private HostCpu cpu() {
        return Objects.requireNonNull(desk.cpu(), "a fetcher of a machine that moves no pages is no target of flushes");
    }

    private long onHandlerReplaced(HandlerReplaced replaced, Outbox out) {
        credits.handlerReplaced(replaced.handler(), replaced.incarnation(), out);
        return 0;
    }

    private long onMemslotReplaced(int memslot, Outbox out) {
        desk.lostBy(memslot, out);
        return 0;
    }

    private void onCheckTimeouts() {
        timeoutsScheduled = desk.isReceiving();
        if (timeoutsScheduled) {
            stream.expireBegunBy(parts.world().clock().nanos() - parts.spec().fetchTimeoutNanos());
            scheduleTimeouts();
        }
    }
}
