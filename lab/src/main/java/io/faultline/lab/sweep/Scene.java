package io.faultline.lab.sweep;

/**
 * Where policies are compared with each other: everything but the policy and the seed.
 *
 * @param profile what everything costs
 * @param vcpus how many CPUs the machine has
 * @param overcommit how many of them take turns on one real CPU; 1: each has its own
 * @param workload what the threads do
 */
public record Scene(String profile, int vcpus, int overcommit, String workload) {
    @Override
    public String toString() {
        return workload + " on " + profile + ", " + vcpus + (vcpus == 1 ? " vCPU" : " vCPUs")
                + (overcommit == 1 ? "" : " taking turns, " + overcommit + " to a CPU");
    }
}
