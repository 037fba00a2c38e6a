package io.faultline.ring;

import org.jspecify.annotations.Nullable;

/**
 * Pages of one memslot on their way round the ring: memslot, fault handler, page fetcher, memslot.
 *
 * <p>
 * Threading: a batch is handed over with the message that carries it. Whoever sends it must not touch it again; the
 * mailbox makes the hand-over visible. Times are nanoseconds of the world's clock.
 */
public final class PageBatch extends PageRows {
    /** No fetcher holds receive slots for this batch. */
    public static final int NO_FETCHER = -1;

    private final int memslot;
    private Resolution resolution = Resolution.COPY;
    private int handler;
    private int fetcher = NO_FETCHER;
    private int fetcherIncarnation;
    private int fetchAttempt = 1;
    private @Nullable String failure;
    private int unfinished;
    private long forwardedNanos;
    private long handledNanos;
    private long fetchedNanos;

    /**
     * @param memslot
     *            index of the memslot all pages belong to
     * @param capacity
     *            how many pages to make room for; more may be added
     */
    public PageBatch(int memslot, int capacity) {
        super(capacity);
        assert memslot >= 0 : "memslot " + memslot;
        this.memslot = memslot;
    }

    /** An empty batch for pages of this one: same memslot, handler, fetcher and times. */
    public PageBatch emptyLike(int capacity) {
        PageBatch other = new PageBatch(memslot, capacity);
        other.resolution = resolution;
        other.handler = handler;
        other.fetcher = fetcher;
        other.fetcherIncarnation = fetcherIncarnation;
        other.fetchAttempt = fetchAttempt;
        other.stagedAs(this);
        other.forwardedNanos = forwardedNanos;
        other.handledNanos = handledNanos;
        other.fetchedNanos = fetchedNanos;
        return other;
    }

    /** Appends page {@code index} of {@code from}, its receive slot included. */
    public void addFrom(PageBatch from, int index) {
        assert from.memslot == memslot : "page of memslot " + from.memslot + " into a batch of memslot " + memslot;
        appendFrom(from, index);
    }

    /** The pages that are not in a range; the batch itself when that is all of them, null when it is none. */
    public @Nullable PageBatch without(long firstPage, long endPage) {
        PageBatch left = emptyLike(count());
        for (int index = 0; index < count(); index++) {
            if (page(index) < firstPage || page(index) >= endPage) {
                left.addFrom(this, index);
            }
        }
        if (left.count() == count()) {
            return this;
        }
        return left.count() == 0 ? null : left;
    }

    /** Takes the last pages off into a batch of their own, so that {@code keep} remain. */
    public PageBatch splitAfter(int keep) {
        assert keep > 0 && keep < count() : "keep " + keep + " of " + count();
        PageBatch rest = emptyLike(count() - keep);
        for (int index = keep; index < count(); index++) {
            rest.addFrom(this, index);
        }
        cutTo(keep);
        return rest;
    }

    public int memslot() {
        return memslot;
    }

    /** What is to be done with every page of this batch. */
    public Resolution resolution() {
        return resolution;
    }

    public void resolution(Resolution value) {
        resolution = value;
    }

    /** Index of the handler that decided about this batch. */
    public int handler() {
        return handler;
    }

    public void handler(int index) {
        handler = index;
    }

    /** Index of the fetcher whose receive slots the pages occupy, or {@link #NO_FETCHER}. */
    public int fetcher() {
        return fetcher;
    }

    /** How many fetchers there were at that index before. */
    public int fetcherIncarnation() {
        return fetcherIncarnation;
    }

    public void fetcher(int index, int incarnation) {
        fetcher = index;
        fetcherIncarnation = incarnation;
    }

    /** No receive slot is held for this batch any more. */
    public void noFetcher() {
        fetcher = NO_FETCHER;
    }

    /** The number of this try to fetch the pages, counted from 1. */
    public int fetchAttempt() {
        return fetchAttempt;
    }

    /** Counts one more try, and forgets why the last one failed. */
    public void nextFetchAttempt() {
        fetchAttempt++;
        failure = null;
        forgetFailed();
    }

    /** The page could not be fetched this time. */
    public void fail(int index, String reason) {
        markFailed(index);
        failure = reason;
    }

    /** Why a page of this batch could not be fetched this time, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** Takes the pages that could not be fetched out into a batch of their own; null when there is none. */
    public @Nullable PageBatch splitFailed() {
        if (failure == null) {
            return null;
        }
        PageBatch failed = emptyLike(count());
        failed.failure = failure;
        int kept = 0;
        for (int index = 0; index < count(); index++) {
            if (isFailed(index)) {
                failed.addFrom(this, index);
            } else {
                move(index, kept++);
            }
        }
        cutTo(kept);
        failure = null;
        return failed;
    }

    /** Pages the memslot has not finished with: parked ones keep their receive slot. */
    public int unfinished() {
        return unfinished;
    }

    public void unfinished(int pageCount) {
        assert pageCount >= 0 && pageCount <= count() : pageCount + " unfinished of " + count();
        unfinished = pageCount;
    }

    /** When the memslot sent the batch to a handler. */
    public long forwardedNanos() {
        return forwardedNanos;
    }

    public void forwardedNanos(long nanos) {
        forwardedNanos = nanos;
    }

    /** When the handler had decided. */
    public long handledNanos() {
        return handledNanos;
    }

    public void handledNanos(long nanos) {
        handledNanos = nanos;
    }

    /** When the last byte had arrived; equal to {@link #handledNanos()} where nothing was fetched. */
    public long fetchedNanos() {
        return fetchedNanos;
    }

    public void fetchedNanos(long nanos) {
        fetchedNanos = nanos;
    }

    @Override
    public String toString() {
        return "PageBatch[memslot=" + memslot + ", count=" + count() + ", resolution=" + resolution + ", pages="
                + firstPages() + "]";
    }
}
