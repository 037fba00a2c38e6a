package io.faultline.bench.peer;

import io.faultline.machine.PageContents;
import io.faultline.registry.InvalidInputException;
import io.faultline.workload.WorkloadShape;

/**
 * The job every contender does: each vCPU reads the pages of its share in order, once; nothing is present at first.
 *
 * @param vcpus how many vCPUs
 * @param sharing how many vCPUs read each page; with 1, pages are private
 * @param accessesPerVcpu how many pages each vCPU reads
 * @param contents what pages hold
 * @param inFlight the most pages being fetched at once
 */
public record JobShape(int vcpus, int sharing, int accessesPerVcpu, PageContents contents, int inFlight) {
    private static final long SEED = 1;

    public JobShape {
        atLeastOne("vCPUs", vcpus);
        atLeastOne("vCPUs that share a page", sharing);
        atLeastOne("accesses of a vCPU", accessesPerVcpu);
        atLeastOne("pages in flight", inFlight);
        if (vcpus % sharing != 0) {
            throw new InvalidInputException("the number of vCPUs, " + vcpus + ", must be a multiple of the " + sharing
                    + " that share each page");
        }
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new InvalidInputException("the number of " + what + " must be at least 1, not " + value);
        }
    }

    /** How many pages there are: each vCPU's, or each group's. */
    public long pages() {
        return (long) (vcpus / sharing) * accessesPerVcpu;
    }

    /** How many accesses there are. */
    public long accesses() {
        return (long) vcpus * accessesPerVcpu;
    }

    /** Which accesses each vCPU makes: all of them read, so that every fault ends in something to verify. */
    public WorkloadShape workloadShape() {
        return new WorkloadShape(vcpus, pages(), accesses(), 0, SEED);
    }
}
