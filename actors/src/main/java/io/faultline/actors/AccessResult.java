package io.faultline.actors;

/**
 * What became of one access.
 *
 * @param vcpu who made it
 * @param gpa where, in guest-physical memory
 * @param write whether it wrote
 * @param failed whether it ended in an error (a poisoned page, no memory there, a memslot that died)
 * @param latencyNanos from when the vCPU took it up until its end, faults included
 */
public record AccessResult(int vcpu, long gpa, boolean write, boolean failed, long latencyNanos) {}
