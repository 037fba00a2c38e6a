package io.faultline.flush;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The deferred remap ring in small, over any other policy: moves INTO_APP complete at once and keep their source range in
 * quarantine until the ring overflows, times out or a range is wanted; then the inner policy flushes them as one request
 * per address space. Everything else goes to the inner policy.
 */
class RingSketch implements FlushPolicy {
    private static final long TIMEOUT_NANOS = 1_000_000;
    private static final long TIMER = -1;

    private static final FlushContract OWN_CONTRACT = new FlushContract(EnumSet.of(ChangeKind.MOVE),
            EnumSet.of(Direction.INTO_APP), new FlushContract.Staleness.Within(TIMEOUT_NANOS),
            EnumSet.of(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE));

    private final FlushPolicy inner;
    private final int size;

    RingSketch(int size, FlushPolicy inner) {
        this.inner = inner;
        this.size = size;
    }

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public FlushContract contract() {
        return OWN_CONTRACT.over(inner.contract(), OWN_CONTRACT.staleness());
    }

    /** What waits in the ring. */
    protected boolean isDeferred(FlushRequest request) {
        return OWN_CONTRACT.mayDefer(request);
    }

    /** Whether a deferred range is released before its flush. */
    protected boolean releasesAtOnce() {
        return false;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new Ring(id, domain, port);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return inner.cpuPart(cpu, domain, port);
    }

    private final class Ring implements Initiator {
        private final FlushDomain domain;
        private final InitiatorPort port;
        private final Initiator flusher;
        private final List<FlushRequest> waiting = new ArrayList<>();
        private final Map<FlushRequest, List<FlushRequest>> merged = new HashMap<>();
        private long lastMerged;

        Ring(int id, FlushDomain domain, InitiatorPort port) {
            this.domain = domain;
            this.port = port;
            flusher = inner.initiator(id, domain, new MergingPort());
        }

        @Override
        public void request(FlushRequest request) {
            if (!isDeferred(request)) {
                flusher.request(request);
                return;
            }
            if (waiting.isEmpty()) {
                port.setTimer(TIMEOUT_NANOS, TIMER);
            }
            waiting.add(request);
            port.complete(request);
            if (releasesAtOnce()) {
                port.release(request);
            }
            if (waiting.size() == size) {
                flush();
            }
        }

        private void flush() {
            while (!waiting.isEmpty()) {
                int asid = waiting.getFirst().asid();
                var batch = waiting.stream().filter(request -> request.asid() == asid).toList();
                waiting.removeAll(batch);
                var request = FlushRequest.of(--lastMerged, asid, ChangeKind.UNMAP,
                        batch.stream().mapToLong(FlushRequest::start).min().orElseThrow(),
                        batch.stream().mapToLong(FlushRequest::end).max().orElseThrow())
                        .synchronous()
                        .build();
                merged.put(request, batch);
                domain.space(asid).changeBegins();
                flusher.request(request);
            }
        }

        @Override
        public void acknowledged(int cpu, long ticket) {
            flusher.acknowledged(cpu, ticket);
        }

        @Override
        public void timer(long timer) {
            if (timer == TIMER) {
                flush();
            } else {
                flusher.timer(timer);
            }
        }

        @Override
        public void reuseWanted(FlushRequest request) {
            flush();
            flusher.reuseWanted(request);
        }

        @Override
        public void drain() {
            flush();
            flusher.drain();
        }

        @Override
        public int unsettled() {
            return waiting.size() + flusher.unsettled();
        }

        /** What the inner policy says of a merged request is said of those merged. */
        private final class MergingPort extends ForwardingInitiatorPort {
            MergingPort() {
                super(port);
            }

            @Override
            public void settled(FlushRequest request) {
                var batch = merged.get(request);
                if (batch == null) {
                    super.settled(request);
                    return;
                }
                for (FlushRequest each : batch) {
                    domain.space(each.asid()).changeEnds();
                    super.settled(each);
                }
            }

            @Override
            public void complete(FlushRequest request) {
                if (!merged.containsKey(request)) {
                    super.complete(request);
                }
            }

            @Override
            public void release(FlushRequest request) {
                var batch = merged.remove(request);
                if (batch == null) {
                    super.release(request);
                } else if (!releasesAtOnce()) {
                    batch.forEach(super::release);
                }
            }
        }
    }
}
