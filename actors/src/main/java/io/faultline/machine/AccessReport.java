package io.faultline.machine;

/**
 * What the vCPUs did.
 *
 * @param planned accesses the workload was to make
 * @param done accesses made
 * @param writes those of them that wrote
 * @param tlbHits accesses the TLB answered
 * @param tlbMisses accesses that walked the page tables, once per walk
 * @param sliceOverrunNanosMax the longest that a vCPU's slice went on after something else was due, which then had to
 *        wait for its end; 0 where accesses take no time
 */
public record AccessReport(long planned, long done, long writes, long tlbHits, long tlbMisses,
        long sliceOverrunNanosMax) {}
