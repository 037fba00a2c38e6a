package io.faultline.flush;

/** Which way a remap carried its pages; what may be deferred depends on it. */
public enum Direction {
    /** No pages went anywhere. */
    NONE,
    /** Into the application's range: only the trusted monitor could use the stale source. */
    INTO_APP,
    /** Out of the application's range: the application could write through the stale source. */
    OUT_OF_APP
}
