package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * P11 in small: an unmap is logged and complete at once; every CPU sweeps all logs at its tick and when it switches; frames
 * and ranges are released when all have swept. A full log falls back to interrupts (Kumar et al., "LATR: Lazy Translation
 * Coherence", ASPLOS 2018).
 */
class LatrSketch implements FlushPolicy {
    private static final int LOG_RECORDS = 4;

    @Override
    public String name() {
        return "latr";
    }

    @Override
    public FlushContract contract() {
        return new FlushContract(EnumSet.of(ChangeKind.UNMAP), Set.of(), new FlushContract.Staleness.Ticks(1),
                Set.of());
    }

    /** What is logged rather than flushed at once. */
    protected boolean isDeferred(FlushRequest request) {
        return contract().mayDefer(request);
    }

    /** When the frames and the range of a deferred request are released, beside that all have swept. */
    protected boolean releasesAtOnce() {
        return false;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new LoggingInitiator(id, domain, port);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new SweepingCpuPart(cpu, domain, port);
    }

    private record Logged(FlushRequest request, FlushCommand command, long position) {}

    private final class LoggingInitiator extends StrictInitiator {
        private final int id;
        private final FlushLog log;
        private final Map<FlushRequest, Logged> deferred = new HashMap<>();
        private final Deque<Logged> inOrder = new ArrayDeque<>();
        private final Set<Long> swept = new HashSet<>();

        LoggingInitiator(int id, FlushDomain domain, InitiatorPort port) {
            super(id, domain, port, StrictPolicy.CEILING_DEFAULT_PAGES);
            this.id = id;
            log = domain.addInitiatorLog(id, LOG_RECORDS);
        }

        @Override
        public void request(FlushRequest request) {
            var space = domain().space(request.asid());
            var cpus = space.cpus().snapshot();
            if (!isDeferred(request) || log.isFull() || cpus.isEmpty()) {
                super.request(request);
                return;
            }
            long generation = space.advance();
            cpus = space.cpus().snapshot();
            if (cpus.isEmpty()) {
                super.request(request);
                return;
            }
            long ticket = rounds().nextTicket();
            var command = FlushCommand.of(id, ticket, request, generation, StrictPolicy.CEILING_DEFAULT_PAGES);
            rounds().open(ticket, cpus, request);
            var entry = new Logged(request, command, log.append(request.asid(), generation, request.start(),
                    request.end(), ticket));
            deferred.put(request, entry);
            inOrder.add(entry);
            if (request.cpu() != FlushRequest.NO_CPU && cpus.get(request.cpu())) {
                port().flushSelf(request.cpu(), command);
            }
            port().complete(request);
            if (releasesAtOnce()) {
                port().release(request);
            }
        }

        @Override
        protected void flushed(FlushRequest request) {
            var entry = deferred.remove(request);
            if (entry == null) {
                super.flushed(request);
                return;
            }
            swept.add(entry.position());
            while (!inOrder.isEmpty() && swept.remove(inOrder.getFirst().position())) {
                log.trim(inOrder.removeFirst().position() + 1);
            }
            domain().space(request.asid()).changeEnds();
            port().settled(request);
            if (!releasesAtOnce()) {
                port().release(request);
            }
        }

        @Override
        public void reuseWanted(FlushRequest request) {
            var entry = deferred.get(request);
            if (entry != null) {
                rounds().missing(entry.command().ticket())
                        .stream()
                        .forEach(cpu -> port().sendIpi(cpu, entry.command()));
            }
        }

        @Override
        public void drain() {
            inOrder.forEach(entry -> reuseWanted(entry.request()));
        }
    }

    static class SweepingCpuPart extends GenerationCpuPart {
        private final Map<FlushLog, Long> sweptTo = new HashMap<>();

        SweepingCpuPart(int cpu, FlushDomain domain, CpuPort port) {
            super(cpu, domain, port);
        }

        @Override
        public void tick() {
            sweep();
        }

        @Override
        public void switchBegins(int asid) {
            super.switchBegins(asid);
            sweep();
        }

        protected void sweep() {
            for (FlushLog log : domain().initiatorLogs()) {
                long tail = log.tail();
                long position = Math.max(log.head(), sweptTo.getOrDefault(log, 0L));
                for (; position < tail; position++) {
                    apply(log.asid(position), log.generation(position), log.start(position), log.end(position), 12);
                    port().acknowledge(log.owner(), log.ticket(position));
                }
                sweptTo.put(log, tail);
            }
        }
    }
}
