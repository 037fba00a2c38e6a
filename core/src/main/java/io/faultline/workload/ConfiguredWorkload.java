package io.faultline.workload;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A pattern with numbers of its own. */
record ConfiguredWorkload(Workload pattern, OptionalLong accesses, OptionalDouble writeRatio) implements Workload {
    ConfiguredWorkload {
        accesses.ifPresent(WorkloadShape::checkAccesses);
        writeRatio.ifPresent(WorkloadShape::checkWriteRatio);
    }

    @Override
    public String name() {
        return pattern.name();
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        return pattern.sequence(shape, vcpu);
    }

    @Override
    public void check(WorkloadShape shape) {
        pattern.check(shape);
    }

    @Override
    public long defaultAccesses(int vcpus, long pages) {
        return pattern.defaultAccesses(vcpus, pages);
    }

    @Override
    public Workload accesses(long count) {
        return new ConfiguredWorkload(pattern, OptionalLong.of(count), writeRatio);
    }

    @Override
    public Workload writeRatio(double ratio) {
        return new ConfiguredWorkload(pattern, accesses, OptionalDouble.of(ratio));
    }
}
