package io.faultline.actors;

/** What a machine folds into the trace hash of a virtual world: the events two runs of one seed must agree on. */
final class TraceKinds {
    static final int RAISED = 1;
    static final int FORWARDED = 2;
    static final int FETCHED = 3;
    static final int INSTALLED = 4;
    static final int RESUMED = 5;
    static final int FINISHED = 6;
    static final int INTERRUPTED = 7;
    static final int FLUSHED = 8;
    static final int REPLACED = 9;
    static final int DISCARDED = 10;
    static final int EVICTED = 11;

    private TraceKinds() {}
}
