package io.faultline.source;

import org.jspecify.annotations.Nullable;

/**
 * What became of a read or a write of pages.
 *
 * @param status how it ended
 * @param pagesRead how many pages from the first are right, counted in the buffer's page size
 * @param reason why not all are, for people; null when all are
 */
public record ReadResult(Status status, int pagesRead, @Nullable String reason) {
    /** How a read ended. */
    public enum Status {
        /** Every page was read. */
        OK,
        /** Some pages were read, or none, and then the source ended; reading the rest again may or may not help. */
        SHORT,
        /** Something failed; {@link #pagesRead} pages can still be used. */
        ERROR
    }

    private static final ReadResult ONE_PAGE = new ReadResult(Status.OK, 1, null);

    public ReadResult {
        if (pagesRead < 0) {
            throw new IllegalArgumentException("pagesRead must be at least 0, not " + pagesRead);
        }
        if ((status == Status.OK) != (reason == null)) {
            throw new IllegalArgumentException(status + " with the reason " + reason);
        }
    }

    /**
     * Every page was read.
     *
     * @param pages how many
     */
    public static ReadResult ok(int pages) {
        return pages == 1 ? ONE_PAGE : new ReadResult(Status.OK, pages, null);
    }

    /**
     * The source ended too soon.
     *
     * @param pagesRead how many pages were read before
     * @param reason for people, on one line
     */
    public static ReadResult ended(int pagesRead, String reason) {
        return new ReadResult(Status.SHORT, pagesRead, reason);
    }

    /**
     * Something failed.
     *
     * @param reason for people, on one line
     */
    public static ReadResult failed(String reason) {
        return new ReadResult(Status.ERROR, 0, reason);
    }

    /** Tells whether every page was read. */
    public boolean isOk() {
        return status == Status.OK;
    }
}
