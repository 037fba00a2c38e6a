package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;

import io.faultline.oracle.SafetyOracle;
import io.faultline.time.SplitMix;

/** A thread that unmaps, protects, moves, evicts, cleans and frees tables, one change a step. */
final class HarnessThread {
    private final FlushHarness harness;
    private final HarnessMemory memory;
    private final SafetyOracle oracle;
    private final SplitMix random;
    private final HarnessInitiator initiator;
    private final Runnable nextOperation = this::begin;
    private int operationsLeft = 16;
    private Runnable next = nextOperation;

    HarnessThread(FlushHarness harness, HarnessInitiator initiator) {
        this.harness = harness;
        this.initiator = initiator;
        memory = harness.memory();
        oracle = harness.oracle();
        random = harness.random();
    }

    boolean isDone() {
        return operationsLeft == 0 && next == nextOperation;
    }

    /** The next change, when all before are complete. */
    void goOn() {
        var step = next;
        next = nextOperation;
        step.run();
    }

    private void begin() {
        operationsLeft--;
        int asid = random.nextInt(HarnessMemory.SPACES);
        int page = random.nextInt(HarnessMemory.PAGES);
        switch (random.nextInt(11)) {
            case 0, 1 -> unmap(asid, page, Math.min(HarnessMemory.PAGES, page + 1 + random.nextInt(2)));
            case 2 -> {
                unmap(asid, page, page + 1);
                unmap(asid, (page + 1) % HarnessMemory.PAGES, (page + 1) % HarnessMemory.PAGES + 1);
            }
            case 3 -> protect(asid, page);
            case 4 -> evict(asid, page);
            case 5 -> clean(asid, page);
            case 6 -> migrate(asid, page);
            case 7 -> freeTable(asid);
            case 8 -> makeWritable(asid, page);
            case 9 -> move(HarnessMemory.MONITOR, HarnessMemory.APPLICATION, Direction.INTO_APP, page);
            default -> move(HarnessMemory.APPLICATION, HarnessMemory.MONITOR, Direction.OUT_OF_APP, page);
        }
    }

    /** What an operation found and took away. */
    private final class Taken {
        private final List<Integer> frames = new ArrayList<>();
        private int accessed;
        private int writable;

        void remove(int asid, int page) {
            if (memory.isPresent(asid, page)) {
                var removed = memory.remove(asid, page);
                frames.add(removed.frame());
                accessed += removed.accessed() ? 1 : 0;
                writable += removed.writableOrDirty() ? 1 : 0;
            }
        }

        FlushRequestBuilder describe(FlushRequestBuilder request) {
            return request.pagesPresent(frames.size()).pagesAccessed(accessed).pagesWritable(writable);
        }
    }

    private void unmap(int asid, int first, int end) {
        if (memory.isLocked(asid, first)) {
            return;
        }
        harness.domain().space(asid).changeBegins();
        var taken = new Taken();
        int page = first;
        for (; page < end && !memory.isLocked(asid, page); page++) {
            taken.remove(asid, page);
        }
        submitUnmap(initiator.request(asid, ChangeKind.UNMAP, first, page), taken, asid, first, page);
    }

    private void submitUnmap(FlushRequestBuilder request, Taken taken, int asid, int first, int end) {
        var built = taken.describe(request)
                .framesFreed(taken.frames.size())
                .changed(changed(asid, first, end, taken.frames.size()), harness.nanos())
                .build();
        memory.quarantine(built);
        initiator.handOver(built, taken.frames);
    }

    /** All pages of an address space go, and the table that held their entries. */
    private void freeTable(int asid) {
        for (int page = 0; page < HarnessMemory.PAGES; page++) {
            if (memory.isLocked(asid, page)) {
                return;
            }
        }
        harness.domain().space(asid).changeBegins();
        var taken = new Taken();
        for (int page = 0; page < HarnessMemory.PAGES; page++) {
            taken.remove(asid, page);
        }
        var kind = random.nextInt(2) == 0 ? ChangeKind.UNMAP : ChangeKind.FREE_TABLE;
        submitUnmap(initiator.request(asid, kind, 0, HarnessMemory.PAGES).tablesFreed(), taken, asid, 0,
                HarnessMemory.PAGES);
    }

    private void protect(int asid, int page) {
        boolean changes = memory.isWritable(asid, page);
        announce(asid);
        memory.writable(asid, page, false);
        narrowed(asid, page, changes);
    }

    private void announce(int asid) {
        harness.domain().space(asid).changeBegins();
    }

    private void narrowed(int asid, int page, boolean changes) {
        int count = changes ? 1 : 0;
        initiator.handOver(initiator.request(asid, ChangeKind.PROTECT, page, page + 1)
                .pagesPresent(count)
                .pagesAccessed(changes && memory.isAccessed(asid, page) ? 1 : 0)
                .pagesWritable(count)
                .synchronous()
                .changed(changed(asid, page, page + 1, count), harness.nanos())
                .build(), List.of());
    }

    /** Write-protect, flush, save, unmap, flush, frame back. */
    private void evict(int asid, int page) {
        if (!memory.isPresent(asid, page) || !memory.tryLock(asid, page)) {
            return;
        }
        int installs = memory.installs(asid, page);
        protect(asid, page);
        next = () -> {
            memory.unlock(asid, page);
            if (isSavable(asid, page, installs)) {
                oracle.copied(memory.frame(asid, page), 1);
                unmap(asid, page, page + 1);
            }
        };
    }

    private boolean isSavable(int asid, int page, int installs) {
        return memory.isPresent(asid, page)
                && !memory.isWritable(asid, page)
                && memory.installs(asid, page) == installs;
    }

    /** Clears the dirty bit, flushes, and drops the page if it is still clean: MADV_FREE. */
    private void clean(int asid, int page) {
        if (!memory.isPresent(asid, page)) {
            return;
        }
        int installs = memory.installs(asid, page);
        boolean changes = memory.isDirty(asid, page);
        announce(asid);
        memory.clean(asid, page);
        int cleanings = memory.cleanings(asid, page);
        narrowed(asid, page, changes);
        next = () -> {
            if (isSame(asid, page, installs, cleanings)) {
                oracle.cleaned(memory.frame(asid, page), 1);
                next = () -> dropIfClean(asid, page, installs, cleanings);
            }
        };
    }

    /** Whether nobody has mapped another page there, or cleaned it once more: that one waits for a flush of his own. */
    private boolean isSame(int asid, int page, int installs, int cleanings) {
        return memory.isPresent(asid, page)
                && memory.installs(asid, page) == installs
                && memory.cleanings(asid, page) == cleanings;
    }

    private void dropIfClean(int asid, int page, int installs, int cleanings) {
        if (isSame(asid, page, installs, cleanings) && !memory.isDirty(asid, page) && !memory.isLocked(asid, page)) {
            oracle.droppedAsClean(memory.frame(asid, page), 1);
            unmap(asid, page, page + 1);
        }
    }

    /** Write-protect, flush, copy to another frame, map that one, flush, old frame back. */
    private void migrate(int asid, int page) {
        if (!memory.isPresent(asid, page) || !memory.tryLock(asid, page)) {
            return;
        }
        int installs = memory.installs(asid, page);
        protect(asid, page);
        next = () -> {
            memory.unlock(asid, page);
            if (isSavable(asid, page, installs) && memory.hasFreeFrame()) {
                oracle.copied(memory.frame(asid, page), 1);
                announce(asid);
                var taken = new Taken();
                taken.remove(asid, page);
                memory.install(asid, page, memory.allocate(asid), true, false);
                initiator.handOver(taken.describe(initiator.request(asid, ChangeKind.REMAP, page, page + 1))
                        .framesFreed(1)
                        .changed(changed(asid, page, page + 1, 1), harness.nanos())
                        .build(), taken.frames);
            }
        };
    }

    /** Says that something is about to become writable there; nothing stale may be read afterwards. */
    private void makeWritable(int asid, int page) {
        announce(asid);
        initiator.handOver(initiator.request(asid, ChangeKind.INSTALL, page, page + 1)
                .changed(oracle.sequence(), harness.nanos())
                .build(), List.of());
    }

    private void move(int from, int to, Direction direction, int page) {
        boolean possible = memory.isPresent(from, page)
                && !memory.isPresent(to, page)
                && memory.quarantine(to, page) == null
                && !memory.isLocked(from, page)
                && memory.tryLock(to, page);
        if (!possible) {
            return;
        }
        announce(from);
        boolean writable = memory.isWritable(from, page);
        boolean dirty = memory.isDirty(from, page);
        var taken = new Taken();
        taken.remove(from, page);
        memory.install(to, page, taken.frames.getFirst(), writable, dirty);
        long sequence = oracle.moved(from, HarnessMemory.address(page), HarnessMemory.address(page + 1), direction);
        var built = taken.describe(initiator.request(from, ChangeKind.MOVE, page, page + 1).direction(direction))
                .changed(sequence, harness.nanos())
                .build();
        memory.quarantine(built);
        initiator.handOver(built, List.of());
        next = () -> memory.unlock(to, page);
    }

    private long changed(int asid, int first, int end, int entries) {
        return entries == 0 ? oracle.sequence()
                : oracle.changed(asid, HarnessMemory.address(first), HarnessMemory.address(end));
    }
}
