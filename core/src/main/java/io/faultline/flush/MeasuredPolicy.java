package io.faultline.flush;

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
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new MeasuredInitiator(policy.initiator(id, domain, new MeasuredInitiatorPort(port)));
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return policy.cpuPart(cpu, domain, new MeasuredCpuPort(port));
    }

    private final class MeasuredInitiator extends ForwardingInitiator {
        MeasuredInitiator(Initiator next) {
            super(next);
        }

        @Override
        public void request(FlushRequest request) {
            statistics.requested(request);
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

    private final class MeasuredCpuPort implements CpuPort {
        private final CpuPort next;

        MeasuredCpuPort(CpuPort next) {
            this.next = next;
        }

        @Override
        public void invalidate(int asid, long start, long end, int strideShift) {
            statistics.rangeFlush();
            next.invalidate(asid, start, end, strideShift);
        }

        @Override
        public void flushSpace(int asid) {
            statistics.fullFlush();
            next.flushSpace(asid);
        }

        @Override
        public void flushAll() {
            statistics.fullFlush();
            next.flushAll();
        }

        @Override
        public void syncBroadcasts() {
            next.syncBroadcasts();
        }

        @Override
        public void acknowledge(int initiator, long ticket) {
            next.acknowledge(initiator, ticket);
        }
    }
}
