package io.faultline.oracle;

import java.util.List;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushPolicy;
import io.faultline.memory.FrameObserver;
import io.faultline.time.NanoClock;
import io.faultline.tlb.TlbObserver;

/** Checks every event. Not thread-safe; {@link SamplingOracle} says how it is used by several threads. */
final class CheckingOracle implements SafetyOracle {
    private static final int BASE_SHIFT = 12;

    private final NanoClock clock;
    private final FlushContract contract;
    private final Translations translations;
    private final UnrecordedWrites unrecorded;
    private final Verdicts verdicts;
    private final Claims claims;

    private final RunningSpaces running;

    /** Counts fills and changes, so that it can be told which came first. Written by one thread at a time. */
    private volatile long sequence;

    CheckingOracle(NanoClock clock, FlushContract contract, long seed) {
        this(clock, contract, seed, new Translations(), Watchlist.NONE, new RunningSpaces(0), true);
    }

    /**
     * @param timed whether the policy is held to bounds in time
     */
    CheckingOracle(NanoClock clock, FlushContract contract, long seed, Translations translations, Watchlist watchlist,
            RunningSpaces running, boolean timed) {
        this.clock = clock;
        this.contract = contract;
        this.translations = translations;
        this.unrecorded = new UnrecordedWrites(watchlist);
        this.running = running;
        verdicts = new Verdicts(seed);
        claims = new Claims(clock, contract, translations, verdicts, this::sequence, timed);
    }

    Claims claims() {
        return claims;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public TlbObserver tlbObserver(int cpu) {
        return new CpuObserver(cpu);
    }

    @Override
    public FrameObserver frameObserver() {
        return new PoolObserver();
    }

    @Override
    public FlushPolicy watching(FlushPolicy policy) {
        return new WatchedPolicy(policy, this, claims);
    }

    @Override
    public void accessed(int cpu, int asid, long address, boolean write) {
        int slot = translationUsed(cpu, asid, address);
        if (translations.isStale(slot)) {
            staleUsed(slot, cpu, asid, address, write);
        }
        if (!translations.isDoomed(slot)) {
            return;
        }
        if (translations.isDoomed(slot, Invariant.O2)) {
            report(Invariant.O2, "woke up and used a translation to a frame reallocated meanwhile", slot);
        }
        if (translations.isDoomed(slot, Invariant.O3)) {
            report(Invariant.O3, "woke up and used a translation of a virtual range reused meanwhile", slot);
        }
        if (write && translations.isDoomed(slot, Invariant.O4)) {
            report(Invariant.O4, "woke up and wrote through a stale translation to a page copied meanwhile", slot);
        }
        if (write && translations.isDoomed(slot, Invariant.O8)) {
            report(Invariant.O8, "woke up and wrote to a page dropped as clean meanwhile", slot);
        }
    }

    private void staleUsed(int slot, int cpu, int asid, long address, boolean write) {
        if (translations.isCovered(slot)) {
            report(Invariant.O1,
                    (write ? "wrote" : "read") + " through a translation that a flush was said to have removed", slot);
        }
        if (claims.isOverdue(slot, cpu)) {
            report(Invariant.O7, "used a translation whose deferred flush is overdue", slot);
        }
        if (write) {
            long page = translations.page(slot);
            unrecorded.add(translations.frame(slot) + ((address - Translations.address(page)) >>> BASE_SHIFT), cpu,
                    asid,
                    address);
        }
    }

    private int translationUsed(int cpu, int asid, long address) {
        for (int size = 0; size < Translations.SIZES; size++) {
            int slot = translations.find(cpu, Translations.page(asid, address, size));
            if (slot != Translations.NONE) {
                return slot;
            }
        }
        throw new IllegalStateException("CPU " + cpu + " used a translation of 0x" + Long.toHexString(address)
                + " in address space " + asid + " that no TLB observer reported");
    }

    @Override
    public boolean watches(long address) {
        return true;
    }

    @Override
    public long changeBegins() {
        return nextSequence();
    }

    @Override
    public long changed(int asid, long start, long end) {
        return changed(asid, start, end, changeBegins());
    }

    @Override
    public long moved(int asid, long start, long end, Direction direction) {
        return moved(asid, start, end, direction, changeBegins());
    }

    @Override
    public long changed(int asid, long start, long end, long begun) {
        return changed(asid, start, end, begun, false);
    }

    @Override
    public long moved(int asid, long start, long end, Direction direction, long begun) {
        return changed(asid, start, end, begun, direction == Direction.INTO_APP
                && contract.isExempt(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE));
    }

    /** What was filled since the change began may have been found after it, and is true. */
    private long changed(int asid, long start, long end, long begun, boolean unreachable) {
        long now = clock.nanos();
        for (int slot : translations.inRange(asid, start, end)) {
            if (!translations.isStale(slot) && translations.filledSequence(slot) < begun) {
                translations.stale(slot, begun, now, unreachable);
            }
        }
        return begun;
    }

    @Override
    public long sequence() {
        return nextSequence();
    }

    /** Returns the number of whatever began now: higher than that of any fill until now, and than none after. */
    long upcomingSequence() {
        return sequence + 1;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    private long nextSequence() {
        return ++sequence;
    }

    @Override
    public void flushed(int asid, long start, long end, long changeSequence) {
        long now = clock.nanos();
        for (int slot : translations.inRange(asid, start, end)) {
            if (translations.isStale(slot)
                    && !translations.isCovered(slot)
                    && translations.filledSequence(slot) < changeSequence) {
                translations.covered(slot, now);
            }
        }
    }

    @Override
    public void ended() {
        claims.ended();
    }

    @Override
    public void tableFreed(int asid, long start, long end, long changeSequence) {
        claims.tableFreed(asid, start, end, changeSequence);
    }

    @Override
    public void cleaned(long frame, long basePages) {
        unrecorded.forget(frame, basePages);
    }

    @Override
    public void droppedAsClean(long frame, long basePages) {
        unrecorded.ifAny(frame, basePages, write -> verdicts.add(Invariant.O8,
                "wrote without setting the dirty bit to a page that was then dropped as clean", write.asid(),
                write.address(), write.frame(), List.of(write.cpu()), clock.nanos()));
        var holders = new Holders();
        for (int slot : translations.ofFrames(frame, basePages)) {
            if (translations.isWritable(slot) && translations.isStale(slot)) {
                doomOrHold(slot, Invariant.O8, holders);
            }
        }
        report(Invariant.O8, "can write through a stale translation to a page that was dropped as clean", holders);
    }

    @Override
    public void frameAllocated(long frame, long basePages, int owner) {
        unrecorded.forget(frame, basePages);
        var holders = new Holders();
        for (int slot : translations.ofFrames(frame, basePages)) {
            boolean exempt = contract.isExempt(FlushContract.Exemption.REUSE_BY_SAME_OWNER_IF_READ_ONLY)
                    && owner != NO_OWNER
                    && owner == Translations.asid(translations.page(slot))
                    && !translations.isWritable(slot);
            if (!exempt) {
                doomOrHold(slot, Invariant.O2, holders);
            }
        }
        report(Invariant.O2, "can use a translation to a frame that was reallocated", holders);
    }

    @Override
    public void rangeReused(int asid, long start, long end) {
        var holders = new Holders();
        for (int slot : translations.inRange(asid, start, end)) {
            doomOrHold(slot, Invariant.O3, holders);
        }
        report(Invariant.O3, "can use a translation of a virtual range that was reused", holders);
    }

    @Override
    public void copied(long frame, long basePages) {
        unrecorded.forget(frame, basePages);
        var holders = new Holders();
        for (int slot : translations.ofFrames(frame, basePages)) {
            if (translations.isWritable(slot) && translations.isStale(slot)) {
                doomOrHold(slot, Invariant.O4, holders);
            }
        }
        report(Invariant.O4, "can write through a stale translation to a page that was copied", holders);
    }

    /** A translation that its CPU could use now is held against the policy; one that sleeps must not be used later. */
    private void doomOrHold(int slot, Invariant invariant, Holders holders) {
        boolean awake = running.isAwake(translations.cpu(slot), Translations.asid(translations.page(slot)));
        // Unreachable is said of the old range. Whoever reuses the range makes it reachable.
        if (awake && (invariant == Invariant.O3 || !translations.isUnreachable(slot))) {
            holders.add(slot);
        } else {
            translations.doom(slot, invariant);
        }
    }

    @Override
    public void cpuRuns(int cpu, int asid) {
        running.runs(cpu, asid);
    }

    @Override
    public void cpuStops(int cpu) {
        running.stops(cpu);
    }

    @Override
    public long violationCount() {
        return verdicts.count();
    }

    @Override
    public List<Violation> violations() {
        return verdicts.all();
    }

    private void report(Invariant invariant, String what, int slot) {
        var holder = new Holders();
        holder.add(slot);
        report(invariant, what, holder);
    }

    private void report(Invariant invariant, String what, Holders holders) {
        if (!holders.isEmpty()) {
            verdicts.add(invariant, what, holders.toArray(), translations, clock.nanos());
        }
    }

    private final class CpuObserver implements TlbObserver {
        private final int cpu;

        CpuObserver(int cpu) {
            this.cpu = cpu;
        }

        @Override
        public void filled(int asid, long address, int sizeIndex, long frame, boolean writable) {
            long page = Translations.page(asid, address, sizeIndex);
            assert translations.find(cpu, page) == Translations.NONE : "CPU " + cpu + " filled twice";
            translations.add(cpu, page, frame, writable, nextSequence(), clock.nanos());
        }

        @Override
        public void dropped(int asid, long address, int sizeIndex) {
            int slot = translations.find(cpu, Translations.page(asid, address, sizeIndex));
            if (slot == Translations.NONE) {
                throw new IllegalStateException(
                        "CPU " + cpu + " dropped a translation of 0x" + Long.toHexString(address)
                                + " in address space " + asid + " that it never reported to have filled");
            }
            translations.remove(slot);
        }
    }

    private final class PoolObserver implements FrameObserver {
        @Override
        public void allocated(long frame, long basePages) {
            frameAllocated(frame, basePages, NO_OWNER);
        }

        @Override
        public void freed(long frame, long basePages) {}
    }
}
