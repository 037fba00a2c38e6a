package io.faultline.flush;

import java.util.ArrayDeque;

/**
 * Stands before an initiator that sends interrupts, and answers in place of the CPUs that need none. What they miss they
 * make up for by themselves.
 */
final class SparingInitiator implements Initiator {
    private final Initiator next;
    private final ArrayDeque<Spared> spared = new ArrayDeque<>();

    /** Decides who is spared. */
    interface Filter {
        /** Whether the CPU needs no interrupt. Asked after the generation was advanced. */
        boolean spares(int cpu, FlushCommand command);
    }

    private record Spared(int cpu, long ticket) {}

    SparingInitiator(FlushPolicy policy, int id, FlushDomain domain, InitiatorPort port, Filter filter) {
        next = policy.initiator(id, domain, new ForwardingInitiatorPort(port) {
            @Override
            public void sendIpi(int cpu, FlushCommand command) {
                if (filter.spares(cpu, command)) {
                    spared.add(new Spared(cpu, command.ticket()));
                } else {
                    super.sendIpi(cpu, command);
                }
            }
        });
    }

    /** The next initiator is in the middle of its call when it sends, so it is answered afterwards. */
    private void answer() {
        for (var each = spared.poll(); each != null; each = spared.poll()) {
            next.acknowledged(each.cpu(), each.ticket());
        }
    }

    @Override
    public void request(FlushRequest request) {
        next.request(request);
        answer();
    }

    @Override
    public void acknowledged(int cpu, long ticket) {
        next.acknowledged(cpu, ticket);
        answer();
    }

    @Override
    public void synced(long ticket) {
        next.synced(ticket);
        answer();
    }

    @Override
    public void timer(long timer) {
        next.timer(timer);
        answer();
    }

    @Override
    public void operationEnds(long operation) {
        next.operationEnds(operation);
        answer();
    }

    @Override
    public void reuseWanted(FlushRequest request) {
        next.reuseWanted(request);
        answer();
    }

    @Override
    public void departing() {
        next.departing();
        answer();
    }

    @Override
    public void drain() {
        next.drain();
        answer();
    }

    @Override
    public int unsettled() {
        return next.unsettled();
    }
}
