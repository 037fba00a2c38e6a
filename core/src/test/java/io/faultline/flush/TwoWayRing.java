package io.faultline.flush;

import java.util.HashMap;
import java.util.Map;

/** The ring that mistakes moves out of the application's range for moves into it, and so defers them too. */
record TwoWayRing(FlushPolicy ring) implements FlushPolicy {
    @Override
    public String name() {
        return "two-way ring";
    }

    @Override
    public FlushContract contract() {
        return ring.contract();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        var mistaken = new HashMap<Long, FlushRequest>();
        return new ForwardingInitiator(ring.initiator(id, domain, new RestoringPort(port, mistaken))) {
            @Override
            public void request(FlushRequest request) {
                if (request.direction() == Direction.OUT_OF_APP) {
                    mistaken.put(request.id(), request);
                    super.request(intoApp(request));
                } else {
                    super.request(request);
                }
            }
        };
    }

    private static FlushRequest intoApp(FlushRequest request) {
        return FlushRequest.of(request.id(), request.asid(), request.kind(), request.start(), request.end())
                .direction(Direction.INTO_APP)
                .cpu(request.cpu())
                .pagesPresent(request.pagesPresent())
                .changed(request.changeSequence(), request.changedNanos())
                .build();
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return ring.cpuPart(cpu, domain, port);
    }

    /** Answers for the requests as they were made. */
    private static final class RestoringPort extends ForwardingInitiatorPort {
        private final Map<Long, FlushRequest> mistaken;

        RestoringPort(InitiatorPort next, Map<Long, FlushRequest> mistaken) {
            super(next);
            this.mistaken = mistaken;
        }

        @Override
        public void settled(FlushRequest request) {
            super.settled(mistaken.getOrDefault(request.id(), request));
        }

        @Override
        public void complete(FlushRequest request) {
            super.complete(mistaken.getOrDefault(request.id(), request));
        }

        @Override
        public void release(FlushRequest request) {
            super.release(mistaken.getOrDefault(request.id(), request));
        }
    }
}
