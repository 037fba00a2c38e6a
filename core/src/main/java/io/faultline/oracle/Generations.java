package io.faultline.oracle;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

import io.faultline.flush.FlushCommand;

/** What each generation of an address space was about, as far as CPUs were told, to be held against what they claim. */
final class Generations {
    private static final int KEPT = 1024;

    private final Map<Integer, ArrayDeque<Told>> toldOf = new HashMap<>();
    private final Map<Long, Long> claimed = new HashMap<>();

    private record Told(long generation, long start, long end, long sequence) {}

    /** A CPU is being told to flush. */
    void told(FlushCommand command, long sequence) {
        if (command.generation() == 0) {
            return;
        }
        var told = toldOf.computeIfAbsent(command.asid(), asid -> new ArrayDeque<>());
        // All targets of a command are told of it one after the other.
        if (told.isEmpty() || told.getLast().generation() != command.generation()) {
            told.addLast(new Told(command.generation(), command.start(), command.end(), sequence));
            if (told.size() > KEPT) {
                told.removeFirst();
            }
        }
    }

    /** Returns the generation that a CPU claimed before, and notes what it claims now; -1 when it never claimed any. */
    long claims(int cpu, int asid, long generation) {
        var before = claimed.put(((long) cpu << Integer.SIZE) | asid, generation);
        return before == null ? -1 : before;
    }

    /** Whether a CPU that claims to have gone from one generation to another must have dropped a stale translation. */
    boolean mustBeGone(int asid, long before, long now, long start, long end, long staleSequence) {
        var told = toldOf.get(asid);
        if (told == null) {
            return false;
        }
        for (Told each : told) {
            if (each.generation() > before
                    && each.generation() <= now
                    && each.start() < end
                    && each.end() > start
                    && each.sequence() >= staleSequence) {
                return true;
            }
        }
        return false;
    }
}
