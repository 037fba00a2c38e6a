package io.faultline.actors;

import io.faultline.ring.GrantedCredits;
import io.faultline.ring.PageBatch;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a fetcher granted the handlers, and how it tells them of it: each incarnation of a handler once when it starts, and
 * then page for page as slots come back. Belongs to the fetcher.
 */
final class FetcherCredits {
    private final MachineParts parts;
    private final int fetcher;
    private final int incarnation;
    private final ActorRef<PageFetcher.Command> self;
    private final GrantedCredits granted;
    private final int[] handlerIncarnations;
    /** Pages the fetcher is done with since it last told. */
    private final int[] freedPages;

    FetcherCredits(MachineParts parts, int fetcher, int incarnation, ActorRef<PageFetcher.Command> self) {
        this.parts = parts;
        this.fetcher = fetcher;
        this.incarnation = incarnation;
        this.self = self;
        int handlers = parts.spec().handlers();
        this.granted = new GrantedCredits(handlers, parts.creditPages());
        this.handlerIncarnations = new int[handlers];
        this.freedPages = new int[handlers];
    }

    /** Grants every handler its share. */
    void grant() {
        for (int handler = 0; handler < handlerIncarnations.length; handler++) {
            // Of a handler newer than this number says, HandlerReplaced will tell.
            handlerIncarnations[handler] = parts.handlers().incarnation(handler);
            parts.handlers().get(handler).tell(credit(handler, parts.creditPages()));
        }
    }

    /** Grants a new handler what the one before it held free. */
    void handlerReplaced(int handler, int newIncarnation, Outbox out) {
        if (newIncarnation == handlerIncarnations[handler]) {
            return; // this fetcher started after the handler and has granted to it already
        }
        handlerIncarnations[handler] = newIncarnation;
        int pages = granted.grantAnew(handler);
        if (pages > 0) {
            out.tell(parts.handlers().get(handler), credit(handler, pages));
        }
    }

    /** Takes a batch's credits in; false when its sender died: the memslot has asked somebody else since. */
    boolean hold(PageBatch batch, int handlerIncarnation) {
        if (handlerIncarnation != handlerIncarnations[batch.handler()]) {
            return false;
        }
        granted.hold(batch.handler(), batch.count());
        parts.gauges().fetchers.record(granted.totalPeakPages());
        return true;
    }

    /** The fetcher is done with pages of a handler, which is told so by {@link #tellFreed}. */
    void freed(int handler, int pages) {
        freedPages[handler] += pages;
    }

    /** Tells the handlers of the pages that the fetcher is done with. */
    void tellFreed(Outbox out) {
        for (int handler = 0; handler < freedPages.length; handler++) {
            int pages = freedPages[handler];
            if (pages > 0) {
                freedPages[handler] = 0;
                int due = granted.release(handler, pages);
                if (due > 0) {
                    out.tell(parts.handlers().get(handler), credit(handler, due));
                }
            }
        }
    }

    private FaultHandler.Credit credit(int handler, int pages) {
        return new FaultHandler.Credit(fetcher, self, incarnation, handlerIncarnations[handler], pages);
    }
}
