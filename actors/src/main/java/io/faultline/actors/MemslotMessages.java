package io.faultline.actors;

import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageBatch;
import io.faultline.ring.WokenWaiters;
import io.faultline.userfault.FaultKind;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/** What a memslot tells others: handlers, fetchers, its waiters, the address space. Belongs to the memslot. */
final class MemslotMessages {
    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotPages pages;
    private final WokenWaiters woken;
    private final MemslotTime time;
    private int handler;
    private final int turnPagesMax;
    private int turnPages;

    MemslotMessages(MachineParts parts, MemslotParts own) {
        this.parts = parts;
        this.own = own;
        this.pages = own.pages();
        this.woken = own.woken();
        this.handler = pages.memslot() % parts.spec().handlers();
        this.turnPagesMax = Turns.pages(parts);
        this.time = new MemslotTime(parts, own);
    }

    /** How far the memslot's present operation is. */
    MemslotTime time() {
        return time;
    }

    /**
     * Has a handler decide about a batch: the same one until the turn's pages are used up, then the next. Within a turn a
     * batch goes before those of others that wait, so that the memslot's vCPUs run again while their state is still in
     * the processor's caches; that its turn ends keeps it from starving others. Where the source takes time there are no
     * turns, and the handlers take turns batch by batch.
     */
    void resolve(PageBatch batch, long pendingPages, Outbox out) {
        batch.forwardedNanos(time.now());
        parts.world().trace(TraceKinds.FORWARDED, batch.page(0), batch.count());
        parts.gauges().memslots.record(pendingPages);
        boolean continues = turnPages > 0 && turnPages + batch.count() <= turnPagesMax;
        if (!continues) {
            turnPages = 0;
            handler = handler + 1 == parts.spec().handlers() ? 0 : handler + 1;
        }
        turnPages += batch.count();
        out.tell(parts.handlers().get(handler), new FaultHandler.Resolve(batch, continues));
    }

    /** Has the handlers forget what they were asked for: all of it is about to be asked for again, or nobody waits. */
    void forgetAsked() {
        forgetAsked(pages.firstPage(), pages.pages());
    }

    /** The same of some pages. */
    void forgetAsked(long firstPage, long pageCount) {
        FaultHandler.Forget forget = new FaultHandler.Forget(pages.memslot(), firstPage, firstPage + pageCount);
        for (int handler = 0; handler < parts.spec().handlers(); handler++) {
            parts.handlers().get(handler).tell(forget);
        }
    }

    /** Gives a batch's receive slots back, if it has any. */
    void giveBack(PageBatch batch, Outbox out) {
        if (batch.fetcher() != PageBatch.NO_FETCHER) {
            out.tell(parts.fetchers().get(batch.fetcher()), new PageFetcher.Return(batch));
        }
    }

    /** Sets the waiters of a page going again; they are told with {@link #resumeWoken}. */
    void wake(long page) {
        int waiters = own.port().waiters();
        own.port().wake(pages.hvaOfPage(page), pages.pageSize().bytes());
        time.woke(waiters);
    }

    /**
     * Tells those who were woken.
     *
     * @param kind
     *            of the faults that are over
     * @param batch
     *            whose install woke them, null when nothing had to be done
     */
    void resumeWoken(FaultKind kind, @Nullable PageBatch batch, Outbox out) {
        if (woken.count() > 0) {
            tellWoken(kind, batch, out);
        }
        own.port().endWakes();
    }

    private void tellWoken(FaultKind kind, @Nullable PageBatch batch, Outbox out) {
        // Before they are told: one that runs on may halt elsewhere at once, and must not be counted twice.
        own.outstanding().report(own.port().waiters());
        long now = time.now();
        VCpu.Resume resume = batch == null
                ? new VCpu.Resume(pages.memslot(), kind, false, now, now, now, now)
                : new VCpu.Resume(pages.memslot(), kind, false, batch.forwardedNanos(), batch.handledNanos(),
                        batch.fetchedNanos(), now);
        for (int index = 0; index < woken.count(); index++) {
            parts.kernel().resume(parts, woken.waiter(index), resume, out);
        }
        woken.clearWaiters();
    }

    /** Resumes one vCPU whose fault never became a waiter. */
    void resumeAtOnce(int vcpu, boolean failed) {
        long now = parts.world().clock().nanos();
        parts.vcpus()
                .get(vcpu)
                .tell(new VCpu.Resume(pages.memslot(), FaultKind.MISSING, failed, now, now, now, now));
    }

    /** Reports how many wait, which may be as many as the fetchers were to wait for. */
    void reportWaiters(Outbox out) {
        own.outstanding().report(own.port().waiters());
        if (parts.hold().isReached(parts.counters().outstanding())) {
            out.tell(parts.machine(), VirtualMachine.HoldReached.INSTANCE);
        }
    }

    /** Tells the address space which of its operations' events were read. */
    void tellReleasedCallers(Outbox out) {
        for (int index = 0; index < woken.callerCount(); index++) {
            out.tell(parts.addressSpaceOwner(),
                    new AddressSpaceOwner.EventRead(pages.memslot(), woken.caller(index)));
        }
        woken.clearCallers();
    }
}
