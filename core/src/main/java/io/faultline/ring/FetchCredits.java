package io.faultline.ring;

import java.util.Arrays;

/**
 * What one fault handler may still send to each page fetcher, in pages. A fetcher grants credits when it starts and
 * returns them as it finishes, so nothing sent to it is ever refused and its mailbox is bounded by what it granted.
 *
 * <p>
 * The handler may keep less under way than it has credits for. What is under way is a soft limit: what is sent at once may
 * exceed it, and a fetcher that grants what it had granted to this handler's predecessor counts as having finished as much.
 *
 * <p>
 * Not thread-safe: the handler owns it.
 */
public final class FetchCredits {
    private final int[] available;
    /** Sent, and not heard to be finished. */
    private final int[] underWay;
    private final int underWayLimit;
    private int underWayPages;
    private int next;

    /**
     * @param underWayLimit
     *            pages with the fetchers from which on no more are to be sent, however many credits there are
     */
    public FetchCredits(int fetchers, int underWayLimit) {
        assert fetchers > 0 && underWayLimit > 0 : fetchers + " fetchers, limit " + underWayLimit;
        this.available = new int[fetchers];
        this.underWay = new int[fetchers];
        this.underWayLimit = underWayLimit;
    }

    /** Adds credits for a fetcher, which has finished as many pages or has just begun. */
    public void grant(int fetcher, int pages) {
        assert pages > 0 : "grant of " + pages + " pages";
        available[fetcher] = Math.addExact(available[fetcher], pages);
        finished(fetcher, Math.min(pages, underWay[fetcher]));
    }

    private void finished(int fetcher, int pages) {
        underWay[fetcher] -= pages;
        underWayPages -= pages;
    }

    /** Uses credits up; more than there are is a bug of the caller. */
    public void spend(int fetcher, int pages) {
        assert pages > 0 && pages <= available[fetcher] : pages + " pages of " + available[fetcher];
        available[fetcher] -= pages;
        underWay[fetcher] += pages;
        underWayPages += pages;
    }

    /** Forgets what a fetcher that died had granted; its replacement grants anew. */
    public void revoke(int fetcher) {
        available[fetcher] = 0;
        finished(fetcher, underWay[fetcher]);
    }

    public int available(int fetcher) {
        return available[fetcher];
    }

    /** The next fetcher, in turn, that has credits left; -1 when none has, or enough is under way. */
    public int pick() {
        if (underWayPages >= underWayLimit) {
            return -1;
        }
        for (int tried = 0; tried < available.length; tried++) {
            int fetcher = next;
            next = next + 1 == available.length ? 0 : next + 1;
            if (available[fetcher] > 0) {
                return fetcher;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "FetchCredits" + Arrays.toString(available);
    }
}
