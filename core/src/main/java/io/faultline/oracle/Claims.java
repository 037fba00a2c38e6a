package io.faultline.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushContract.Staleness.None;
import io.faultline.flush.FlushContract.Staleness.Ticks;
import io.faultline.flush.FlushContract.Staleness.UntilReuse;
import io.faultline.flush.FlushContract.Staleness.Within;
import io.faultline.flush.FlushRequest;
import io.faultline.time.NanoClock;

/** Holds a policy to what it says of itself: O5 (who may still walk), O6 (generations) and O7 (its declared staleness). */
final class Claims implements PolicyWitness {
    /** What an interrupt and its answers may take on top of the time that a policy declares. */
    private static final long ALLOWANCE_NANOS = 10_000_000;

    private final NanoClock clock;
    private final FlushContract contract;
    private final Translations translations;
    private final Verdicts verdicts;
    private final LongSupplier sequence;
    private final boolean timed;
    private final Walkers walkers = new Walkers();
    private final Generations generations = new Generations();
    private final List<WatchedPolicy.WatchedPort> initiators = new ArrayList<>();

    /** How often each CPU ticked. */
    private int[] ticks = {};

    /**
     * @param timed whether a bound in time is the policy's to keep: on threads it is the operating system's as well
     */
    Claims(NanoClock clock, FlushContract contract, Translations translations, Verdicts verdicts, LongSupplier sequence,
            boolean timed) {
        this.clock = clock;
        this.contract = contract;
        this.translations = translations;
        this.verdicts = verdicts;
        this.sequence = sequence;
        this.timed = timed;
    }

    @Override
    public void deferred(FlushRequest request) {
        for (int slot : translations.inRange(request.asid(), request.start(), request.end())) {
            if (translations.isStale(slot)
                    && translations.deadline(slot) == Translations.NO_DEADLINE
                    && translations.filledSequence(slot) < request.changeSequence()) {
                translations.deadline(slot, deadline(translations.cpu(slot)));
            }
        }
    }

    private long deadline(int cpu) {
        return switch (contract.staleness()) {
            case Within(long limitNanos) when timed -> clock.nanos() + limitNanos + ALLOWANCE_NANOS;
            case Ticks(int count) -> ticks(cpu) + count;
            case Within _,None _,UntilReuse _ -> Translations.NO_DEADLINE;
        };
    }

    private int ticks(int cpu) {
        return cpu < ticks.length ? ticks[cpu] : 0;
    }

    @Override
    public void ticked(int cpu) {
        if (cpu >= ticks.length) {
            ticks = Arrays.copyOf(ticks, Math.max(cpu + 1, 2 * ticks.length));
        }
        ticks[cpu]++;
    }

    @Override
    public void loaded(int cpu, int asid) {
        walkers.loaded(cpu, asid);
    }

    @Override
    public void walks(int cpu, int asid, long address) {
        if (walkers.walks(cpu, asid, address, sequence.getAsLong())) {
            verdicts.add(Invariant.O5, "walked through a page table that was freed", asid, address, Violation.NO_FRAME,
                    List.of(cpu), clock.nanos());
        }
    }

    @Override
    public void tablesDropped(int cpu, int asid) {
        walkers.flushed(cpu, asid);
    }

    @Override
    public void allTablesDropped(int cpu) {
        walkers.flushedAll(cpu);
    }

    @Override
    public void tablesDroppedEverywhere(int asid) {
        walkers.flushedEverywhere(asid);
    }

    @Override
    public void told(FlushCommand command) {
        generations.told(command, sequence.getAsLong());
    }

    @Override
    public void claims(int cpu, int asid, long local, long generation) {
        if (local > generation) {
            claimsTooMuch(cpu, asid, local, generation);
        }
        long before = generations.claims(cpu, asid, local);
        if (before != local && before >= 0) {
            advanced(cpu, asid, before, local);
        }
    }

    void claimsTooMuch(int cpu, int asid, long local, long generation) {
        verdicts.add(Invariant.O6, "claims generation " + local + " of " + generation, asid, 0, Violation.NO_FRAME,
                List.of(cpu), clock.nanos());
    }

    /** A CPU has gone from one generation to another, and must have dropped what those between took away. */
    void advanced(int cpu, int asid, long before, long local) {
        for (int slot : translations.staleOf(cpu, asid)) {
            long page = translations.page(slot);
            long start = Translations.address(page);
            long end = start + (1L << Translations.shift(Translations.sizeIndex(page)));
            if (generations.mustBeGone(asid, before, local, start, end, translations.staleSequence(slot))) {
                verdicts.add(Invariant.O6, "claims generation " + local + " and holds what an earlier one took away",
                        new int[]{slot}, translations, clock.nanos());
            }
        }
    }

    @Override
    public void initiator(WatchedPolicy.WatchedPort port) {
        initiators.add(port);
    }

    /** The policy was drained: what it has not settled it has forgotten. */
    void ended() {
        for (var port : initiators) {
            for (FlushRequest request : port.unsettled()) {
                verdicts.add(Invariant.O7, "still to acknowledge request " + request.id() + " of " + request.kind(),
                        request.asid(), request.start(), Violation.NO_FRAME, List.of(), clock.nanos());
            }
        }
    }

    void tableFreed(int asid, long start, long end, long changeSequence) {
        var holders = walkers.freed(asid, start, end, changeSequence);
        if (!holders.isEmpty()) {
            verdicts.add(Invariant.O5, "may walk through a page table that was freed", asid, start, Violation.NO_FRAME,
                    holders, clock.nanos());
        }
    }

    /** Whether a translation's deferred flush should be over on the CPU. */
    boolean isOverdue(int slot, int cpu) {
        long deadline = translations.deadline(slot);
        return deadline != Translations.NO_DEADLINE
                && (contract.staleness() instanceof Ticks ? ticks(cpu) : clock.nanos()) >= deadline;
    }
}
