package io.faultline.flush;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Interrupts CPUs whose debts are due. What they owe to other initiators they pay in the same interrupt. */
final class ClairvoyantInitiator implements Initiator {
    private final int id;
    private final FlushDomain domain;
    private final InitiatorPort port;
    private final ClairvoyantPass pass;
    private final Map<Long, OpenFlush> open = new LinkedHashMap<>();

    ClairvoyantInitiator(int id, FlushDomain domain, InitiatorPort port, ClairvoyantPass pass) {
        this.id = id;
        this.domain = domain;
        this.port = port;
        this.pass = pass;
    }

    @Override
    public void request(FlushRequest request) {
        var flush = new OpenFlush(id, request, pass.policy().ceilingPages());
        pass.opened(flush, domain);
        open.put(request.id(), flush);
        if (!request.kind().leavesStaleTranslations() && !flush.freesTables()) {
            flush.missing().stream().forEach(cpu -> pass.debts(cpu).forget(flush));
            flush.missing().clear();
        }
        if (mayDefer(request)) {
            int own = request.cpu();
            if (own != FlushRequest.NO_CPU && pass.debts(own).hasMore()) {
                port.flushSelf(own, flush.command());
            }
            port.complete(request);
            if (flush.missing().stream().anyMatch(cpu -> pass.debts(cpu).owes(flush))) {
                port.setTimer(pass.policy().stalenessNanos(), request.id());
            }
            endIfAnswered(flush);
        } else {
            due(flush);
        }
    }

    private boolean mayDefer(FlushRequest request) {
        return pass.contract().mayDefer(request);
    }

    /** The CPU that the change was made on is in the kernel and pays without an interrupt, then the others are asked to. */
    private void due(OpenFlush flush) {
        int own = flush.request().cpu();
        if (own != FlushRequest.NO_CPU && pass.debts(own).hasAny()) {
            port.flushSelf(own, flush.command());
        }
        interrupt(flush);
    }

    /** Interrupts who still has to act for it and could do harm meanwhile, unless it is interrupted already. */
    private void interrupt(OpenFlush flush) {
        int asid = flush.request().asid();
        for (int cpu = flush.missing().nextSetBit(0); cpu >= 0; cpu = flush.missing().nextSetBit(cpu + 1)) {
            var debts = pass.debts(cpu);
            if (debts.hasPaid(flush)) {
                continue; // Its answer is on the way.
            }
            if (!debts.owes(flush)) {
                debts.forget(flush);
                flush.missing().clear(cpu);
            } else if (!flush.freesTables() && !debts.canUse(asid)) {
                flush.missing().clear(cpu); // It pays before it can use anything.
            } else if (!debts.isInterrupted()) {
                debts.interrupted(true);
                port.sendIpi(cpu, flush.command());
            }
        }
        endIfAnswered(flush);
    }

    private void endIfAnswered(OpenFlush flush) {
        if (!flush.missing().isEmpty()) {
            return;
        }
        var request = flush.request();
        open.remove(request.id());
        pass.closed(flush);
        domain.space(request.asid()).changeEnds();
        port.settled(request);
        if (!mayDefer(request)) {
            port.complete(request);
        }
        port.release(request);
    }

    @Override
    public void acknowledged(int cpu, long ticket) {
        var flush = open.get(ticket);
        if (flush != null) {
            flush.missing().clear(cpu);
            endIfAnswered(flush);
        }
    }

    @Override
    public void timer(long timer) {
        var flush = open.get(timer);
        if (flush != null) {
            due(flush);
        }
    }

    @Override
    public void reuseWanted(FlushRequest request) {
        timer(request.id());
    }

    @Override
    public void drain() {
        new ArrayList<>(open.values()).forEach(this::due);
    }

    @Override
    public int unsettled() {
        return open.size();
    }
}
