package io.faultline.lab.events;

/** One row of the display: a lane that does one thing at a time, so that what ends is what began last. */
final class Track {
    private final int pid;
    private final int tid;
    private long lastNanos;
    private boolean open;

    Track(int pid, int tid) {
        this.pid = pid;
        this.tid = tid;
    }

    int pid() {
        return pid;
    }

    int tid() {
        return tid;
    }

    /**
     * When something happens on this track, not before what happened last: on threads, two that read the clock one after
     * the other may tell of it the other way round.
     */
    long at(long nanos) {
        lastNanos = Math.max(lastNanos, nanos);
        return lastNanos;
    }

    boolean isOpen() {
        return open;
    }

    void open(boolean isOpen) {
        open = isOpen;
    }
}
