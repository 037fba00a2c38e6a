package io.faultline.stream;

import io.faultline.ring.PageBatch;

/** Begins the read of a batch that the stage {@link InFlightReads} has made room for. */
@FunctionalInterface
public interface ReadStarter {
    /**
     * Begins a read.
     *
     * @return whether it has ended already; if not, {@link InFlightReads.Control#answered} is called later, from any
     *         thread, or never, and then the stage's time-out applies
     */
    boolean begin(PageBatch batch, InFlightReads.Control control);
}
