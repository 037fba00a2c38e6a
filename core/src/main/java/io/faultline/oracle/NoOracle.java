package io.faultline.oracle;

import java.util.List;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushPolicy;
import io.faultline.memory.FrameObserver;
import io.faultline.tlb.TlbObserver;

/** The oracle of worlds that have none. Has no state, so it may be shared. */
final class NoOracle implements SafetyOracle {
    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public TlbObserver tlbObserver(int cpu) {
        return TlbObserver.NONE;
    }

    @Override
    public FrameObserver frameObserver() {
        return FrameObserver.NONE;
    }

    @Override
    public FlushPolicy watching(FlushPolicy policy) {
        return policy;
    }

    @Override
    public void accessed(int cpu, int asid, long address, boolean write) {}

    @Override
    public boolean watches(long address) {
        return false;
    }

    @Override
    public long changeBegins() {
        return 0;
    }

    @Override
    public long changed(int asid, long start, long end) {
        return 0;
    }

    @Override
    public long moved(int asid, long start, long end, Direction direction) {
        return 0;
    }

    @Override
    public long changed(int asid, long start, long end, long begun) {
        return 0;
    }

    @Override
    public long moved(int asid, long start, long end, Direction direction, long begun) {
        return 0;
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public void flushed(int asid, long start, long end, long changeSequence) {}

    @Override
    public void frameAllocated(long frame, long basePages, int owner) {}

    @Override
    public void rangeReused(int asid, long start, long end) {}

    @Override
    public void copied(long frame, long basePages) {}

    @Override
    public void tableFreed(int asid, long start, long end, long changeSequence) {}

    @Override
    public void cleaned(long frame, long basePages) {}

    @Override
    public void droppedAsClean(long frame, long basePages) {}

    @Override
    public void ended() {}

    @Override
    public void cpuRuns(int cpu, int asid) {}

    @Override
    public void cpuStops(int cpu) {}

    @Override
    public long violationCount() {
        return 0;
    }

    @Override
    public List<Violation> violations() {
        return List.of();
    }
}
