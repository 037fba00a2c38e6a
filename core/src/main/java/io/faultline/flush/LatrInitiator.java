package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The initiator of {@link LatrPolicy}: writes the log, and strictly flushes what may not be logged. */
final class LatrInitiator extends StrictInitiator {
    private final int id;
    private final LatrPolicy policy;
    private final FlushLog log;
    private final Map<FlushRequest, Logged> logged = new HashMap<>();
    private final ArrayDeque<Logged> inOrder = new ArrayDeque<>();
    private final Set<Long> swept = new HashSet<>();

    private record Logged(FlushRequest request, FlushCommand command, long position) {}

    LatrInitiator(int id, FlushDomain domain, InitiatorPort port, LatrPolicy policy) {
        super(id, domain, port, policy.ceilingPages());
        this.id = id;
        this.policy = policy;
        log = domain.addInitiatorLog(id, policy.records());
    }

    @Override
    public void request(FlushRequest request) {
        var space = domain().space(request.asid());
        if (!policy.contract().mayDefer(request) || request.pagesPresent() == 0) {
            super.request(request);
            return;
        }
        if (log.isFull()) {
            port().noRoom(request);
            super.request(request);
            return;
        }
        long generation = space.advance();
        // After the generation was advanced: who comes later starts from there, and need not sweep.
        BitSet cpus = space.cpus().snapshot();
        if (cpus.isEmpty()) {
            super.request(request);
            return;
        }
        log(request, generation, cpus);
    }

    private void log(FlushRequest request, long generation, BitSet cpus) {
        long ticket = rounds().nextTicket();
        var command = FlushCommand.of(id, ticket, request, generation, policy.ceilingPages());
        boolean own = request.cpu() != FlushRequest.NO_CPU && cpus.get(request.cpu());
        rounds().open(ticket, cpus, request);
        long position = log.append(request.asid(), generation, command.start(), command.end(), ticket);
        var entry = new Logged(request, command, position);
        logged.put(request, entry);
        inOrder.add(entry);
        if (own) {
            port().flushSelf(request.cpu(), command);
        }
        port().complete(request);
        answerForWhoLeft(request, ticket);
    }

    /** A CPU that left after the mask was read may have swept before the record was there, and might never sweep again. */
    private void answerForWhoLeft(FlushRequest request, long ticket) {
        var mask = domain().space(request.asid()).cpus();
        rounds().missing(ticket).stream().filter(cpu -> !mask.contains(cpu)).forEach(cpu -> acknowledged(cpu, ticket));
    }

    @Override
    protected void flushed(FlushRequest request) {
        var entry = logged.remove(request);
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
        port().release(request);
    }

    @Override
    public void reuseWanted(FlushRequest request) {
        var entry = logged.get(request);
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
