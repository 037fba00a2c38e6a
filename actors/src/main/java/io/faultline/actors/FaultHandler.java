package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.faultline.chaos.ChaosKind;
import io.faultline.cost.Operation;
import io.faultline.ring.FetchCredits;
import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The user-space handler thread: decides how each fault is resolved. What needs no bytes goes straight back to the
 * memslot, the rest to a page fetcher within the credits that one granted; what has to wait for credits waits here.
 *
 * <p>
 * Bounded by: the memory's pages, since none waits here twice. Supervision: it stops when it throws; the machine replaces
 * it, and the memslots ask again for what it had.
 */
public final class FaultHandler extends SwitchActor<FaultHandler.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /**
     * Resolve these faults.
     *
     * @param continues
     *            whether the memslot's turn goes on: the batch waits for credits before others, not behind them
     */
    public record Resolve(PageBatch batch, boolean continues) implements Command {}

    /**
     * The memslot asks for everything it waits for again: what waits here for credits on its behalf would only be fetched
     * twice, and pile up with every crash.
     *
     * @param firstPage
     *            of those it asks for again; pages are the machine's
     * @param endPage
     *            the page after the last
     */
    public record Forget(int memslot, long firstPage, long endPage) implements Command {}

    /**
     * A fetcher takes this many pages more.
     *
     * @param fetcher
     *            which of the machine's fetchers it is
     * @param from
     *            the fetcher itself: only it takes what these credits pay for
     * @param fetcherIncarnation
     *            of the fetcher that grants; a newer one than known voids what the one before it granted
     * @param handlerIncarnation
     *            of the handler it is granted to; any other handler at that index ignores it
     */
    public record Credit(int fetcher, ActorRef<PageFetcher.Command> from, int fetcherIncarnation,
            int handlerIncarnation, int pages) implements Command {}

    private final MachineParts parts;
    private final CrashDice dice;
    private final int index;
    private final int incarnation;
    private final Lane lane;
    private final ResolutionPolicy policy;
    private final FetchCredits credits;
    private final int[] fetcherIncarnations;
    /** Who granted the credits there are. */
    private final List<@Nullable ActorRef<PageFetcher.Command>> granters;
    private final ArrayDeque<PageBatch> waiting = new ArrayDeque<>();
    private long waitingPages;
    /** When the decision about the present batch is made. */
    private long decidedNanos;

    /**
     * Creates a handler.
     *
     * @param index
     *            which of the machine's handlers it is
     * @param incarnation
     *            how many there were before it at that index
     */
    static Behavior<Command> create(MachineParts parts, int index, int incarnation) {
        return Behaviors.setup(context -> new FaultHandler(parts, index, incarnation, context.getSelf()));
    }

    private FaultHandler(MachineParts parts, int index, int incarnation, ActorRef<Command> self) {
        this.parts = parts;
        this.dice = new CrashDice(parts, ChaosKind.HANDLER_CRASH, index, incarnation);
        this.index = index;
        this.incarnation = incarnation;
        this.lane = parts.world().lane("handler-" + index, self);
        this.policy = parts.spec().resolutionPolicy();
        int fetchers = parts.spec().fetchers();
        this.credits = new FetchCredits(fetchers, Turns.underWayPages(parts));
        this.fetcherIncarnations = new int[fetchers];
        this.granters = new ArrayList<>(Collections.nCopies(fetchers, null));
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        dice.roll();
        switch (command) {
            case Resolve resolve -> lane.run(out -> onResolve(resolve.batch(), resolve.continues(), out));
            case Forget forget -> lane.run(_ -> onForget(forget));
            case Credit credit -> lane.run(out -> onCredit(credit, out));
        }
        return this;
    }

    @Override
    protected void onStopped() {
        lane.abandon();
    }

    private long onResolve(PageBatch batch, boolean continues, Outbox out) {
        batch.handler(index);
        long costNanos = parts.charges().of(Operation.HANDLE_PAGE, batch.count());
        decidedNanos = parts.world().clock().nanos() + costNanos;
        Resolution first = decide(batch, 0);
        int same = 1;
        while (same < batch.count() && decide(batch, same) == first) {
            same++;
        }
        if (same == batch.count()) {
            send(batch, first, continues, out);
        } else {
            sendByResolution(batch, continues, out);
        }
        return costNanos;
    }

    private Resolution decide(PageBatch batch, int page) {
        Resolution decided =
                policy.decide(batch.kind(page), batch.page(page), batch.write(page), batch.removed(page));
        // That a page is to be fetched is the policy's to say, how it gets there from a buffer the machine's.
        return decided.needsFetch() ? parts.spec().resolveBy().resolution() : decided;
    }

    private void sendByResolution(PageBatch batch, boolean continues, Outbox out) {
        Map<Resolution, PageBatch> byResolution = new EnumMap<>(Resolution.class);
        for (int page = 0; page < batch.count(); page++) {
            byResolution.computeIfAbsent(decide(batch, page), _ -> batch.emptyLike(batch.count()))
                    .addFrom(batch, page);
        }
        byResolution.forEach((resolution, part) -> send(part, resolution, continues, out));
    }

    private void send(PageBatch batch, Resolution resolution, boolean continues, Outbox out) {
        batch.resolution(resolution);
        batch.handledNanos(decidedNanos);
        if (resolution.needsFetch()) {
            if (continues) {
                waiting.addFirst(batch);
            } else {
                waiting.addLast(batch);
            }
            waitingPages += batch.count();
            parts.gauges().handlers.record(waitingPages);
            spendCredits(out);
        } else {
            batch.fetchedNanos(decidedNanos);
            out.tell(parts.memslots().get(batch.memslot()), new Memslot.Install(batch));
        }
    }

    private long onForget(Forget forget) {
        int batches = waiting.size();
        for (int turn = 0; turn < batches; turn++) {
            PageBatch batch = waiting.removeFirst();
            PageBatch left = batch.memslot() == forget.memslot()
                    ? batch.without(forget.firstPage(), forget.endPage())
                    : batch;
            if (left != null) {
                waiting.addLast(left);
            }
        }
        waitingPages = 0;
        for (PageBatch batch : waiting) {
            waitingPages += batch.count();
        }
        return 0;
    }

    private long onCredit(Credit credit, Outbox out) {
        int fetcher = credit.fetcher();
        boolean forAnother = credit.handlerIncarnation() != incarnation
                || credit.fetcherIncarnation() < fetcherIncarnations[fetcher];
        if (forAnother) {
            return 0;
        }
        renew(fetcher, credit.fetcherIncarnation());
        granters.set(fetcher, credit.from());
        credits.grant(fetcher, credit.pages());
        spendCredits(out);
        return 0;
    }

    private void renew(int fetcher, int incarnation) {
        if (incarnation > fetcherIncarnations[fetcher]) {
            fetcherIncarnations[fetcher] = incarnation;
            granters.set(fetcher, null);
            credits.revoke(fetcher);
        }
    }

    /**
     * The next fetcher to send to, or -1. One that the directory says was replaced took its credits with it, also
     * before its successor has granted: a page sent to it would be lost, because the memslots have asked again already.
     */
    private int pickFetcher() {
        int fetcher = credits.pick();
        while (fetcher >= 0) {
            renew(fetcher, parts.fetchers().incarnation(fetcher));
            if (credits.available(fetcher) > 0) {
                return fetcher;
            }
            fetcher = credits.pick();
        }
        return -1;
    }

    private void spendCredits(Outbox out) {
        while (!waiting.isEmpty()) {
            int fetcher = pickFetcher();
            ActorRef<PageFetcher.Command> granter = fetcher < 0 ? null : granters.get(fetcher);
            if (granter == null) {
                return;
            }
            PageBatch batch = waiting.removeFirst();
            int available = credits.available(fetcher);
            if (batch.count() > available) {
                waiting.addFirst(batch.splitAfter(available));
            }
            credits.spend(fetcher, batch.count());
            waitingPages -= batch.count();
            out.tell(granter, new PageFetcher.Fetch(batch, incarnation));
        }
    }
}
