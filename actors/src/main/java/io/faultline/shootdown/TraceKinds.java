package io.faultline.shootdown;

/** What goes into the trace hash. */
final class TraceKinds {
    static final int CHANGED = 1;
    static final int INTERRUPTED = 2;
    static final int RETURNED = 3;

    private TraceKinds() {}
}
