package io.faultline.ring;

import java.util.Arrays;

/**
 * What one fault handler may still send to each page fetcher, in pages. A fetcher grants credits when it starts and
 * returns them as it finishes, so nothing sent to it is ever refused and its mailbox is bounded by what it granted.
 * Not thread-safe: the handler owns it.
 */
public final class FetchCredits {
    private final int[] available;
    private int next;

    public FetchCredits(int fetchers) {
        assert fetchers > 0 : fetchers + " fetchers";
        this.available = new int[fetchers];
    }

    /** Adds credits for a fetcher. */
    public void grant(int fetcher, int pages) {
        assert pages > 0 : "grant of " + pages + " pages";
        available[fetcher] = Math.addExact(available[fetcher], pages);
    }

    /** Uses credits up; more than there are is a bug of the caller. */
    public void spend(int fetcher, int pages) {
        assert pages > 0 && pages <= available[fetcher] : pages + " pages of " + available[fetcher];
        available[fetcher] -= pages;
    }

    /** Forgets what a fetcher that died had granted; its replacement grants anew. */
    public void revoke(int fetcher) {
        available[fetcher] = 0;
    }

    public int available(int fetcher) {
        return available[fetcher];
    }

    /** The next fetcher, in turn, that has credits left; -1 when none has. */
    public int pick() {
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
