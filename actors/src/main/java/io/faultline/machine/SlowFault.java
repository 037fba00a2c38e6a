package io.faultline.machine;

/**
 * One of the slowest faults of a run.
 *
 * @param page the machine's page, counted from guest-physical address 0 in pages of the machine's size
 * @param memslot the memslot that holds it
 * @param vcpu who waited
 * @param kind MISSING, MINOR or WRITE_PROTECT
 * @param raisedNanos when it was raised, since the run began
 * @param latencyNanos from the raise until the vCPU ran again
 * @param stageNanos where that time went
 */
public record SlowFault(long page, int memslot, int vcpu, String kind, long raisedNanos, long latencyNanos,
        StageNanos stageNanos) {}
