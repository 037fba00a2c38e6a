package io.faultline.flush;

/**
 * A policy that has to know what is to come: its host runs a seed twice, first to hear it, then to do better. Only where a
 * run can be repeated ({@code virtual}); every other host refuses it. Its own parts cannot be had, only those of its passes.
 */
public interface RehearsedPolicy extends FlushPolicy {
    /**
     * Begins a rehearsal.
     *
     * @return of one run and its repetition, not to be shared
     */
    Rehearsal rehearse();

    /** Two policies, for a run and for the same run once more. Not thread-safe. */
    interface Rehearsal {
        /**
         * {@return what the first run is to have, safe by itself: it flushes as well as it can without knowing, and takes
         * notes}
         */
        FlushPolicy first();

        /**
         * To be called when the first run has ended.
         *
         * @return what the second run is to have
         */
        FlushPolicy second();
    }

    @Override
    default Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        throw unrehearsed();
    }

    @Override
    default CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        throw unrehearsed();
    }

    private IllegalStateException unrehearsed() {
        return new IllegalStateException("flush policy " + name() + " needs a rehearsal, and its host has held none");
    }
}
