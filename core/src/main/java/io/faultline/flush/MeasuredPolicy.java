package io.faultline.flush;

import java.util.Set;

import io.faultline.time.NanoClock;

/** A policy with counters at its ports. */
record MeasuredPolicy(FlushPolicy policy, FlushStatistics statistics, NanoClock clock) implements FlushPolicy {
    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public FlushContract contract() {
        return policy.contract();
    }

    @Override
    public Set<HostDuty> duties() {
        return policy.duties();
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return policy.catchesUpAtSwitches();
    }

    @Override
    public boolean hearsOfIdleness() {
        return policy.hearsOfIdleness();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new MeasuredInitiator(domain, policy.initiator(id, domain, new MeasuredInitiatorPort(port)));
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return policy.cpuPart(cpu, domain, new MeasuredCpuPort(port));
    }

    private final class MeasuredInitiator extends ForwardingInitiator {
        private final FlushDomain domain;

        MeasuredInitiator(FlushDomain domain, Initiator next) {
            super(next);
            this.domain = domain;
        }

        @Override
        public void request(FlushRequest request) {
            statistics.requested(request, domain);
            super.request(request);
        }
    }

    private final class MeasuredInitiatorPort extends ForwardingInitiatorPort {
        private static final long NO_TICKET = Long.MIN_VALUE;

        private long batchTicket = NO_TICKET;

        MeasuredInitiatorPort(InitiatorPort next) {
            super(next);
        }

        @Override
        public void sendIpi(int cpu, FlushCommand command) {
            statistics.ipi(isFirst(command));
            super.sendIpi(cpu, command);
        }

        @Override
        public void flushSelf(int cpu, FlushCommand command) {
            statistics.batch(isFirst(command));
            super.flushSelf(cpu, command);
        }

        @Override
        public void broadcast(FlushCommand command) {
            statistics.broadcast();
            super.broadcast(command);
        }

        @Override
        public boolean setFlag(int cpu, int expected, int flags) {
            boolean set = super.setFlag(cpu, expected, flags);
            if (set) {
                statistics.flagSet();
            }
            return set;
        }

        @Override
        public void noRoom(FlushRequest request) {
            statistics.overflow();
            super.noRoom(request);
        }

        @Override
        public void settled(FlushRequest request) {
            statistics.settled(request, clock.nanos());
            super.settled(request);
        }

        @Override
        public void complete(FlushRequest request) {
            statistics.completed(request, clock.nanos());
            super.complete(request);
        }

        @Override
        public void release(FlushRequest request) {
            statistics.released(request);
            super.release(request);
        }

        private boolean isFirst(FlushCommand command) {
            boolean first = command.ticket() != batchTicket;
            batchTicket = command.ticket();
            return first;
        }
    }

    private final class MeasuredCpuPort extends ForwardingCpuPort {
        MeasuredCpuPort(CpuPort next) {
            super(next);
        }

        @Override
        public void invalidate(int asid, long start, long end, int strideShift) {
            int before = liveEntries();
            super.invalidate(asid, start, end, strideShift);
            statistics.rangeFlush(before - liveEntries());
        }

        @Override
        public void flushSpace(int asid) {
            int before = liveEntries();
            super.flushSpace(asid);
            statistics.fullFlush(before - liveEntries());
        }

        @Override
        public void flushAll() {
            int before = liveEntries();
            super.flushAll();
            statistics.fullFlush(before - liveEntries());
        }
    }
}
