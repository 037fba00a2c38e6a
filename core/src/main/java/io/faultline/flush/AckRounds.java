package io.faultline.flush;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The acknowledgements an initiator waits for, by ticket. A round ends when all its CPUs answered. Not thread-safe.
 *
 * @param <T> what waits for the round: a request, or a batch of them
 */
public final class AckRounds<T> {
    private final Map<Long, Round<T>> open = new HashMap<>();
    private long nextTicket;

    /** {@return a ticket never given before} */
    public long nextTicket() {
        return ++nextTicket;
    }

    /**
     * Opens a round.
     *
     * @param ticket from {@link #nextTicket}
     * @param cpus who must answer, at least one; becomes the round's own
     * @param waiting what to hand back at the end
     */
    public void open(long ticket, BitSet cpus, T waiting) {
        if (cpus.isEmpty()) {
            throw new IllegalArgumentException("ticket " + ticket + " waits for no CPU and would never end");
        }
        if (open.put(ticket, new Round<>(cpus, waiting)) != null) {
            throw new IllegalStateException("ticket " + ticket + " was given twice");
        }
    }

    /**
     * Takes an acknowledgement. One that nobody waits for is ignored: a CPU may acknowledge log records of before its time.
     *
     * @param cpu who answered
     * @param ticket what
     * @return what waited, when this was the round's last answer; else null
     */
    public @Nullable T acknowledged(int cpu, long ticket) {
        var round = open.get(ticket);
        if (round == null) {
            return null;
        }
        round.missing.clear(cpu);
        if (!round.missing.isEmpty()) {
            return null;
        }
        open.remove(ticket);
        return round.waiting;
    }

    /**
     * Tells who has not answered yet.
     *
     * @param ticket of any round
     * @return a copy; empty when the round ended or never was
     */
    public BitSet missing(long ticket) {
        var round = open.get(ticket);
        return round == null ? new BitSet() : (BitSet) round.missing.clone();
    }

    /** {@return how many rounds wait for answers} */
    public int size() {
        return open.size();
    }

    private record Round<T>(BitSet missing, T waiting) {}
}
