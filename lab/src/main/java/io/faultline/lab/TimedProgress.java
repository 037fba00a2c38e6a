package io.faultline.lab;

import io.faultline.machine.RunProgress;

/**
 * Shows how far a run is and ends it after so much of its world's time. Called by one thread at a time.
 *
 * @param display what shows it
 * @param runForNanos after which it ends, 0 for never
 */
record TimedProgress(RunProgress display, long runForNanos) implements RunProgress {
    @Override
    public void advanced(long accessesDone, long accessesPlanned, long faultsResolved, long vcpusHalted) {
        display.advanced(accessesDone, accessesPlanned, faultsResolved, vcpusHalted);
    }

    @Override
    public boolean stopRequested() {
        return display.stopRequested();
    }
}
