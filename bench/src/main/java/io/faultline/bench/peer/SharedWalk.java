package io.faultline.bench.peer;

import io.faultline.workload.AccessSequence;
import io.faultline.workload.DealtSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;

/**
 * Groups of vCPUs walk the same pages in the same order: the group's contiguous share of the memory. With groups of one
 * it is a walk over private pages. Neighbouring vCPUs belong to different groups.
 *
 * @param sharing how many vCPUs make a group
 */
public record SharedWalk(int sharing) implements Workload {
    @Override
    public String name() {
        return "shared-walk:" + sharing;
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        return new Walk(shape, vcpu, sharing);
    }

    private static final class Walk extends DealtSequence {
        private long upcoming;

        Walk(WorkloadShape shape, int vcpu, int sharing) {
            super(shape, vcpu);
            int groups = shape.vcpus() / sharing;
            upcoming = vcpu % groups * (shape.pages() / groups);
        }

        @Override
        protected long nextPage() {
            return upcoming++;
        }
    }
}
