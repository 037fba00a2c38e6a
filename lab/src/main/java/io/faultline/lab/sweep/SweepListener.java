package io.faultline.lab.sweep;

/** Is told how far a sweep is. Called by one thread at a time, but not always by the same. */
@FunctionalInterface
public interface SweepListener {
    /**
     * A run is over.
     *
     * @param run which
     */
    void finished(SweepRun run);
}
