package io.faultline.ring;

/**
 * The fetcher's side of {@link FetchCredits}: how many pages each handler has with it, of the number it granted each.
 * Not thread-safe: the fetcher owns it.
 */
public final class GrantedCredits {
    private static final int PORTIONS = 4;

    private final int pagesPerHandler;
    private final int[] heldPages;
    /** Pages a handler may send again but has not been told of. */
    private final int[] untoldPages;
    private int totalPages;
    private int totalPeakPages;

    /**
     * @param handlers
     *            how many handlers there are
     * @param pagesPerHandler
     *            what each may have here at once
     */
    public GrantedCredits(int handlers, int pagesPerHandler) {
        assert handlers > 0 && pagesPerHandler > 0 : handlers + " handlers, " + pagesPerHandler + " pages each";
        this.pagesPerHandler = pagesPerHandler;
        this.heldPages = new int[handlers];
        this.untoldPages = new int[handlers];
    }

    /** Takes pages in from a handler; more than it was granted is a bug of the handler. */
    public void hold(int handler, int pages) {
        heldPages[handler] += pages;
        assert heldPages[handler] <= pagesPerHandler : "handler " + handler + " sent " + heldPages[handler]
                + " pages, was granted " + pagesPerHandler;
        totalPages += pages;
        totalPeakPages = Math.max(totalPeakPages, totalPages);
    }

    /**
     * Is done with pages of a handler. The handler is told in portions: one told of a page or two at a time would send as
     * few at a time, and batches, once small, would stay small.
     *
     * @return how many credits to tell the handler of now; 0 to wait for more
     */
    public int release(int handler, int pages) {
        assert pages <= heldPages[handler] : "handler " + handler + " has " + heldPages[handler] + ", not " + pages;
        heldPages[handler] -= pages;
        totalPages -= pages;
        untoldPages[handler] += pages;
        int untold = untoldPages[handler];
        boolean portion = untold * PORTIONS >= pagesPerHandler || heldPages[handler] == 0;
        if (portion) {
            untoldPages[handler] = 0;
        }
        return portion ? untold : 0;
    }

    /** What a handler that starts anew may send; it is told of all that there is. */
    public int grantAnew(int handler) {
        untoldPages[handler] = 0;
        return pagesPerHandler - heldPages[handler];
    }

    /** The most pages ever held at once, over all handlers. */
    public int totalPeakPages() {
        return totalPeakPages;
    }

    /** What {@link #totalPeakPages()} can never exceed. */
    public int limitPages() {
        return pagesPerHandler * heldPages.length;
    }
}
