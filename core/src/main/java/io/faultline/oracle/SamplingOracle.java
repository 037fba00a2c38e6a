package io.faultline.oracle;

import java.util.List;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushPolicy;
import io.faultline.memory.FrameObserver;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.tlb.TlbObserver;

/**
 * A {@link CheckingOracle} behind one lock, told of some pages only; for threads.
 *
 * <p>What is not about a watched page is told apart without the lock: a range by its addresses ({@link SampledPages}),
 * frames and CPUs by what is held at present ({@link Watchlist}).
 *
 * <p>Events are heard of some time after they happened, and the lock orders the hearing. That no order is held against
 * anybody that did not happen rests on this:
 * <ul>
 * <li>A translation is heard of after the walk that found it, and a change has the number of its beginning, before the
 * first entry was written. So what has a lower number than a change was found before it, and is stale; what was found
 * while the change was made counts as true.
 * <li>A CPU tells of a translation dropped before it acknowledges anything, and of its stopping before anybody can see
 * that it has stopped. Whoever claims to have heard of that (a flush is complete, a frame is allocated, a range reused, a
 * page saved) is heard later.
 * <li>A CPU takes no interrupt between finding a translation in its TLB, telling of it, and the access. So a translation
 * that is used after a claim is one that the CPU still held when the claim was made.
 * </ul>
 */
final class SamplingOracle implements SafetyOracle {
    private final CheckingOracle checking;
    private final Object lock = new Object();
    private final SampledPages pages;
    private final Watchlist.Counted watchlist;
    private final RunningSpaces running;
    private final LockedClaims claims;

    SamplingOracle(NanoClock clock, FlushContract contract, long seed, int cpus, SampledPages pages) {
        this.pages = pages;
        this.watchlist = new Watchlist.Counted(cpus, pages.pageShift() - PageSize.BASE_SHIFT);
        this.running = new RunningSpaces(cpus);
        this.checking =
                new CheckingOracle(clock, contract, seed, new Translations(pages, watchlist), watchlist, running,
                        false);
        this.claims = new LockedClaims(checking.claims(), lock, contract, cpus, pages, watchlist);
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public boolean watches(long address) {
        return pages.isWatched(address);
    }

    @Override
    public TlbObserver tlbObserver(int cpu) {
        return new SampledTlb(checking.tlbObserver(cpu), lock, pages);
    }

    @Override
    public FrameObserver frameObserver() {
        return new FrameObserver() {
            @Override
            public void allocated(long frame, long basePages) {
                frameAllocated(frame, basePages, NO_OWNER);
            }

            @Override
            public void freed(long frame, long basePages) {}
        };
    }

    @Override
    public FlushPolicy watching(FlushPolicy policy) {
        return new WatchedPolicy(policy, this, claims);
    }

    /** A CPU that holds nothing stale and nothing doomed uses nothing that it must not. */
    @Override
    public void accessed(int cpu, int asid, long address, boolean write) {
        if (pages.isWatched(address) && watchlist.isSuspect(cpu)) {
            synchronized (lock) {
                checking.accessed(cpu, asid, address, write);
            }
        }
    }

    @Override
    public long changeBegins() {
        return checking.upcomingSequence();
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
        if (pages.isAnyWatched(start, end)) {
            synchronized (lock) {
                checking.changed(asid, start, end, begun);
            }
        }
        return begun;
    }

    @Override
    public long moved(int asid, long start, long end, Direction direction, long begun) {
        if (pages.isAnyWatched(start, end)) {
            synchronized (lock) {
                checking.moved(asid, start, end, direction, begun);
            }
        }
        return begun;
    }

    @Override
    public long sequence() {
        return checking.upcomingSequence();
    }

    @Override
    public void flushed(int asid, long start, long end, long changeSequence) {
        if (pages.isAnyWatched(start, end)) {
            synchronized (lock) {
                checking.flushed(asid, start, end, changeSequence);
            }
        }
    }

    @Override
    public void frameAllocated(long frame, long basePages, int owner) {
        if (watchlist.isAnyHeld(frame, basePages)) {
            synchronized (lock) {
                checking.frameAllocated(frame, basePages, owner);
            }
        }
    }

    @Override
    public void rangeReused(int asid, long start, long end) {
        if (pages.isAnyWatched(start, end)) {
            synchronized (lock) {
                checking.rangeReused(asid, start, end);
            }
        }
    }

    @Override
    public void copied(long frame, long basePages) {
        if (watchlist.isAnyHeld(frame, basePages)) {
            synchronized (lock) {
                checking.copied(frame, basePages);
            }
        }
    }

    @Override
    public void tableFreed(int asid, long start, long end, long changeSequence) {
        // O5 needs every walk; see LockedClaims.
    }

    @Override
    public void cleaned(long frame, long basePages) {
        if (watchlist.isAnyHeld(frame, basePages)) {
            synchronized (lock) {
                checking.cleaned(frame, basePages);
            }
        }
    }

    @Override
    public void droppedAsClean(long frame, long basePages) {
        if (watchlist.isAnyHeld(frame, basePages)) {
            synchronized (lock) {
                checking.droppedAsClean(frame, basePages);
            }
        }
    }

    @Override
    public void ended() {
        synchronized (lock) {
            checking.ended();
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
        synchronized (lock) {
            return checking.violationCount();
        }
    }

    @Override
    public List<Violation> violations() {
        synchronized (lock) {
            return checking.violations();
        }
    }
}
