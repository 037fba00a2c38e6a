package io.faultline.lab;

import io.faultline.machine.MachineListener;
import io.faultline.ring.Resolution;

/**
 * Two listeners as one.
 *
 * @param first is told first
 * @param second is told second
 */
record HeardByBoth(MachineListener first, MachineListener second) implements MachineListener {
    /** As few as it takes: {@link MachineListener#NONE} costs nothing only where it stands alone. */
    static MachineListener of(MachineListener first, MachineListener second) {
        if (first == NONE) {
            return second;
        }
        return second == NONE ? first : new HeardByBoth(first, second);
    }

    @Override
    public void vcpuBegan(long nanos, int vcpu) {
        first.vcpuBegan(nanos, vcpu);
        second.vcpuBegan(nanos, vcpu);
    }

    @Override
    public void vcpuIdle(long nanos, int vcpu) {
        first.vcpuIdle(nanos, vcpu);
        second.vcpuIdle(nanos, vcpu);
    }

    @Override
    public void faultRaised(long nanos, int vcpu, long page, boolean write) {
        first.faultRaised(nanos, vcpu, page, write);
        second.faultRaised(nanos, vcpu, page, write);
    }

    @Override
    public void faultResolved(long nanos, int vcpu, long page, boolean failed) {
        first.faultResolved(nanos, vcpu, page, failed);
        second.faultResolved(nanos, vcpu, page, failed);
    }

    @Override
    public void fetchBegan(long nanos, int fetcher, long page) {
        first.fetchBegan(nanos, fetcher, page);
        second.fetchBegan(nanos, fetcher, page);
    }

    @Override
    public void fetchEnded(long nanos, int fetcher, long page, boolean failed) {
        first.fetchEnded(nanos, fetcher, page, failed);
        second.fetchEnded(nanos, fetcher, page, failed);
    }

    @Override
    public void inFlightChanged(long nanos, int fetcher, int change) {
        first.inFlightChanged(nanos, fetcher, change);
        second.inFlightChanged(nanos, fetcher, change);
    }

    @Override
    public void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {
        first.installed(nanos, memslot, resolution, firstPage, pages);
        second.installed(nanos, memslot, resolution, firstPage, pages);
    }

    @Override
    public void flushRequested(long nanos, long request, long startGpa, long endGpa) {
        first.flushRequested(nanos, request, startGpa, endGpa);
        second.flushRequested(nanos, request, startGpa, endGpa);
    }

    @Override
    public void flushCompleted(long nanos, long request) {
        first.flushCompleted(nanos, request);
        second.flushCompleted(nanos, request);
    }

    @Override
    public void flushReleased(long nanos, long request) {
        first.flushReleased(nanos, request);
        second.flushReleased(nanos, request);
    }

    @Override
    public void ipiSent(long nanos, int cpu, long ticket) {
        first.ipiSent(nanos, cpu, ticket);
        second.ipiSent(nanos, cpu, ticket);
    }

    @Override
    public void ipiTaken(long nanos, int cpu, int commands) {
        first.ipiTaken(nanos, cpu, commands);
        second.ipiTaken(nanos, cpu, commands);
    }
}
