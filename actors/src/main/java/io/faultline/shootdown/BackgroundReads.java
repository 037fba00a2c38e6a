package io.faultline.shootdown;

/** Reads, computes, reads: an event for every access would say no more and take a hundred times as long. */
final class BackgroundReads implements ThreadScript {
    private static final int READS_AT_ONCE = 16;
    private static final long BETWEEN_READS_NANOS = 5_000;

    private final ThreadStep reads;
    private final ThreadStep compute = new ThreadStep.Compute(BETWEEN_READS_NANOS);
    private boolean hasRead;

    BackgroundReads(int readsAmong) {
        reads = new ThreadStep.Read(READS_AT_ONCE, readsAmong);
    }

    @Override
    public ThreadStep next() {
        hasRead = !hasRead;
        return hasRead ? reads : compute;
    }
}
