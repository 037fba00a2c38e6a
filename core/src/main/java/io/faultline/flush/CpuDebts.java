package io.faultline.flush;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

import io.faultline.tlb.TlbObserver;

/**
 * What one CPU holds that is stale, for which flush, and that will be stale. Outlives the CPU's part, for what took its place
 * may still be asked. Not thread-safe.
 */
final class CpuDebts implements TlbObserver {
    private final int cpu;
    private final HeldTranslations held;
    private final PageChanges foreseen;
    private Map<OpenFlush, TreeSet<Long>> debts = new LinkedHashMap<>();
    /** Held, good, and of pages that will change. */
    private final TreeSet<Long> doomed = new TreeSet<>();
    private int asid = CpuWords.NONE;
    private boolean idle;
    private boolean preempted;
    private boolean interrupted;

    CpuDebts(int cpu, HeldTranslations held, PageChanges foreseen) {
        this.cpu = cpu;
        this.held = held;
        this.foreseen = foreseen;
    }

    @Override
    public void filled(int space, long address, int sizeIndex, long frame, boolean writable) {
        long key = HeldTranslations.key(space, address, sizeIndex);
        held.filled(cpu, key);
        if (foreseen.includes(key)) {
            doomed.add(key);
        }
    }

    @Override
    public void dropped(int space, long address, int sizeIndex) {
        long key = HeldTranslations.key(space, address, sizeIndex);
        held.dropped(cpu, key);
        doomed.remove(key);
        debts.values().forEach(stale -> stale.remove(key));
    }

    /** It is now in a switch to an address space, and awake. */
    void runs(int space) {
        asid = space;
        idle = false;
    }

    void idles() {
        idle = true;
    }

    void preempted(boolean value) {
        preempted = value;
    }

    /** An interrupt is on its way, in which it will pay. */
    void interrupted(boolean value) {
        interrupted = value;
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /** Whether it can use translations of an address space before it pays. */
    boolean canUse(int space) {
        return asid == space && !idle && !preempted;
    }

    /** It has to drop nothing but its pointers to page tables. */
    void owe(OpenFlush flush) {
        debts.computeIfAbsent(flush, _ -> new TreeSet<>());
    }

    void owe(OpenFlush flush, long key) {
        doomed.remove(key); // It is stale by now; should the page change again, so will what it is filled with until then.
        debts.computeIfAbsent(flush, _ -> new TreeSet<>()).add(key);
    }

    /** What of a range it has to drop for others, it has to drop for this one too. */
    void oweWhatIsOwed(OpenFlush flush) {
        var stale = new TreeSet<Long>();
        var request = flush.request();
        for (TreeSet<Long> each : debts.values()) {
            for (long key : each) {
                long start = HeldTranslations.address(key);
                if (HeldTranslations.asid(key) == request.asid() && start < request.end()
                        && start + (1L << HeldTranslations.shiftOf(key)) > request.start()) {
                    stale.add(key);
                }
            }
        }
        if (!stale.isEmpty()) {
            debts.put(flush, stale);
            flush.missing().set(cpu);
        }
    }

    /** Whether it has yet to act for a flush. False when its answer is on the way, or it has dropped all by itself. */
    boolean owes(OpenFlush flush) {
        var stale = debts.get(flush);
        return stale != null && (!stale.isEmpty() || flush.freesTables());
    }

    boolean hasPaid(OpenFlush flush) {
        return !debts.containsKey(flush);
    }

    void forget(OpenFlush flush) {
        debts.remove(flush);
    }

    /** Whether it would have something to drop. */
    boolean hasAny() {
        return !debts.isEmpty() || !doomed.isEmpty();
    }

    /** Whether it would have something to drop but what it owes an initiator on this CPU, which can have it any time. */
    boolean hasMore() {
        return !doomed.isEmpty() || debts.keySet().stream().anyMatch(flush -> flush.request().cpu() != cpu);
    }

    /** In the kernel: drops what is stale and what will be, and answers for it. */
    void pay(CpuPort port, int ceilingPages) {
        var paid = debts;
        debts = new LinkedHashMap<>();
        var dropping = new TreeSet<>(doomed);
        paid.values().forEach(dropping::addAll);
        drop(dropping, port, ceilingPages);
        for (OpenFlush flush : paid.keySet()) {
            if (flush.freesTables()) {
                port.flushSpace(flush.request().asid());
            }
            if (flush.missing().get(cpu)) {
                port.acknowledge(flush.initiator(), flush.request().id());
            }
        }
    }

    private static void drop(NavigableSet<Long> keys, CpuPort port, int ceilingPages) {
        var pages = new HashMap<Integer, Integer>();
        keys.forEach(key -> pages.merge(HeldTranslations.asid(key), 1, Integer::sum));
        while (!keys.isEmpty()) {
            long first = keys.removeFirst();
            int space = HeldTranslations.asid(first);
            if (pages.getOrDefault(space, 0) > ceilingPages) {
                port.flushSpace(space);
                keys.removeIf(key -> HeldTranslations.asid(key) == space);
                continue;
            }
            int shift = HeldTranslations.shiftOf(first);
            long pageKeys = 1L << (shift - HeldTranslations.shift(0));
            long end = first + pageKeys;
            while (keys.remove(end)) {
                end += pageKeys;
            }
            long start = HeldTranslations.address(first);
            port.invalidate(space, start, start + ((end - first) << HeldTranslations.shift(0)), shift);
        }
    }
}
