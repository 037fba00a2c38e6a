package io.faultline.linux.world;

import java.util.OptionalDouble;
import java.util.OptionalLong;

import io.faultline.workload.AccessSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;

/** The accesses of another workload, but that of one vCPU throws. */
record BreakingOff(Workload workload, int broken) implements Workload {
    @Override
    public String name() {
        return workload.name();
    }

    @Override
    public OptionalLong accesses() {
        return workload.accesses();
    }

    @Override
    public OptionalDouble writeRatio() {
        return workload.writeRatio();
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        AccessSequence accesses = workload.sequence(shape, vcpu);
        return new AccessSequence() {
            @Override
            public boolean next() {
                if (vcpu == broken) {
                    throw new IllegalStateException("broken on purpose");
                }
                return accesses.next();
            }

            @Override
            public long page() {
                return accesses.page();
            }

            @Override
            public boolean write() {
                return accesses.write();
            }

            @Override
            public long remaining() {
                return accesses.remaining();
            }
        };
    }
}
