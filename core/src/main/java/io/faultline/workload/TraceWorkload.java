package io.faultline.workload;

import java.util.OptionalDouble;
import java.util.OptionalLong;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.Counts;

/**
 * Every vCPU replays a program's recorded accesses from the beginning, over the same pages as the others. Unless told
 * how many accesses to make, each replays all of them once; told more than its share of that, it begins again.
 *
 * @param name what the user types to get it
 * @param trace shared by all vCPUs
 * @param accesses of all vCPUs together, where someone said
 */
record TraceWorkload(String name, Trace trace, OptionalLong accesses) implements Workload {
    TraceWorkload {
        accesses.ifPresent(WorkloadShape::checkAccesses);
    }

    @Override
    public void check(WorkloadShape shape) {
        if (trace.pages() > shape.pages()) {
            throw new InvalidInputException(name + " touches " + Counts.format(trace.pages())
                    + " different pages, more than the memory's " + Counts.format(shape.pages())
                    + ": give more memory");
        }
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        check(shape);
        return new Replay(trace, shape.accessesOf(vcpu));
    }

    @Override
    public long defaultAccesses(int vcpus, long pages) {
        return (long) vcpus * trace.length();
    }

    @Override
    public OptionalDouble writeRatio() {
        return OptionalDouble.of((double) trace.writes() / trace.length());
    }

    @Override
    public Workload accesses(long count) {
        return new TraceWorkload(name, trace, OptionalLong.of(count));
    }

    /** {@inheritDoc} The recording says which accesses write, so this returns the workload unchanged. */
    @Override
    public Workload writeRatio(double ratio) {
        WorkloadShape.checkWriteRatio(ratio);
        return this;
    }

    private static final class Replay implements AccessSequence {
        private final Trace trace;
        private long remaining;
        private int upcoming;
        private int present;

        Replay(Trace trace, long accesses) {
            this.trace = trace;
            remaining = accesses;
        }

        @Override
        public boolean next() {
            if (remaining == 0) {
                return false;
            }
            remaining--;
            present = upcoming++;
            if (upcoming == trace.length()) {
                upcoming = 0;
            }
            return true;
        }

        @Override
        public long page() {
            return trace.page(present);
        }

        @Override
        public boolean write() {
            return trace.isWrite(present);
        }

        @Override
        public long remaining() {
            return remaining;
        }
    }
}
