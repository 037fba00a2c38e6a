package io.faultline.wholemachine;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.faultline.workload.AccessSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;

/**
 * The accesses of another workload, each of them slow until something has happened. On threads a short run may be over
 * before what goes on beside it, such as saving a page, has begun.
 */
record LingeringWorkload(Workload workload, BooleanSupplier happened) implements Workload {
    private static final long PAUSE_NANOS = 50_000;

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
                if (!happened.getAsBoolean()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
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
