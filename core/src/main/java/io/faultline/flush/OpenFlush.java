package io.faultline.flush;

import java.util.BitSet;

/** A request of {@link ClairvoyantInitiator} and the CPUs it waits for; equal to nothing but itself. */
final class OpenFlush {
    private final int initiator;
    private final FlushRequest request;
    private final FlushCommand command;
    private final BitSet missing = new BitSet();

    OpenFlush(int initiator, FlushRequest request, int ceilingPages) {
        this.initiator = initiator;
        this.request = request;
        // Interrupts carry it for the statistics. What a CPU does in one is up to its debts.
        command = FlushCommand.of(initiator, request.id(), request, 0, ceilingPages);
    }

    int initiator() {
        return initiator;
    }

    FlushRequest request() {
        return request;
    }

    FlushCommand command() {
        return command;
    }

    /** The CPUs that have not answered and must, to be changed. */
    BitSet missing() {
        return missing;
    }

    /** Whether every walker must answer, whatever it holds. */
    boolean freesTables() {
        return request.tablesFreed();
    }
}
