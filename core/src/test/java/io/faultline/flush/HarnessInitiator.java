package io.faultline.flush;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.faultline.time.SplitMix;

/** A thread that unmaps, protects, moves and evicts pages, and hosts an initiator part. Each change is a step of its own. */
final class HarnessInitiator implements InitiatorPort {
    private final FlushHarness harness;
    private final HarnessMemory memory;
    private final SplitMix random;
    private final int id;
    private final int cpu;
    private final Initiator part;
    private final List<Long> timers = new ArrayList<>();
    private final List<Long> syncs = new ArrayList<>();
    private final List<FlushRequest> unreleased = new ArrayList<>();
    private final Set<FlushRequest> settled = new HashSet<>();
    private final Set<FlushRequest> completed = new HashSet<>();
    private final Set<FlushRequest> released = new HashSet<>();
    private final Map<Long, List<Integer>> framesOf = new HashMap<>();
    private int operationsLeft = 14;
    private int wishesLeft = 3;
    private boolean drained;
    private long lastId;

    private final Runnable nextOperation = this::begin;

    /** What this thread does next; null when it waits for a completion. */
    private Runnable next = nextOperation;

    private FlushRequest awaited;
    private Runnable afterwards = nextOperation;

    HarnessInitiator(FlushHarness harness, int id, int cpu, FlushPolicy policy) {
        this.harness = harness;
        this.id = id;
        this.cpu = cpu;
        memory = harness.memory();
        random = harness.random();
        part = policy.initiator(id, harness.domain(), this);
    }

    Initiator part() {
        return part;
    }

    boolean isDone() {
        return isBetweenLastOperations() && part.unsettled() == 0 && unreleased.isEmpty();
    }

    private boolean isBetweenLastOperations() {
        return operationsLeft == 0 && next == nextOperation;
    }

    long requests() {
        return lastId;
    }

    void offer(List<FlushHarness.Step> steps) {
        if (next != null && !isBetweenLastOperations()
                && (cpu == FlushRequest.NO_CPU || harness.cpu(cpu).isRunning())) {
            offer(steps, "goes on", next);
        }
        for (Long timer : timers) {
            offer(steps, "timer " + timer, () -> {
                timers.remove(timer);
                part.timer(timer);
            });
        }
        for (Long ticket : syncs) {
            offer(steps, "synced " + ticket, () -> {
                syncs.remove(ticket);
                part.synced(ticket);
            });
        }
        if (wishesLeft > 0 && !unreleased.isEmpty()) {
            offer(steps, "wants reuse", () -> {
                wishesLeft--;
                part.reuseWanted(unreleased.getFirst());
            });
        }
        if (isBetweenLastOperations() && !drained && part.unsettled() > 0) {
            offer(steps, "drains", () -> {
                drained = true;
                part.drain();
            });
        }
    }

    private void offer(List<FlushHarness.Step> steps, String what, Runnable action) {
        steps.add(new FlushHarness.Step(FlushHarness.CPUS + id, "initiator " + id + " " + what, action));
    }

    private void begin() {
        operationsLeft--;
        int asid = random.nextInt(HarnessMemory.SPACES);
        int page = random.nextInt(HarnessMemory.PAGES);
        switch (random.nextInt(6)) {
            case 0, 1 -> unmap(asid, page, Math.min(HarnessMemory.PAGES, page + 1 + random.nextInt(2)));
            case 2 -> protect(asid, page, nextOperation);
            case 3 -> evict(asid, page);
            case 4 -> move(HarnessMemory.MONITOR, HarnessMemory.APPLICATION, Direction.INTO_APP, page);
            default -> move(HarnessMemory.APPLICATION, HarnessMemory.MONITOR, Direction.OUT_OF_APP, page);
        }
    }

    private void unmap(int asid, int first, int end) {
        if (memory.isLocked(asid, first)) {
            next = nextOperation;
            return;
        }
        harness.domain().space(asid).changeBegins();
        var frames = new ArrayList<Integer>();
        int page = first;
        for (; page < end && !memory.isLocked(asid, page); page++) {
            if (memory.isPresent(asid, page)) {
                frames.add(memory.remove(asid, page));
            }
        }
        var request = request(asid, ChangeKind.UNMAP, first, page).pagesPresent(frames.size())
                .framesFreed(frames.size())
                .changed(changed(asid, first, page, frames.size()), harness.nanos());
        if (random.nextInt(8) == 0) {
            request.tablesFreed();
        }
        var built = request.build();
        framesOf.put(built.id(), frames);
        memory.quarantine(built);
        handOver(built, nextOperation);
    }

    private void protect(int asid, int page, Runnable then) {
        harness.domain().space(asid).changeBegins();
        int changed = memory.isWritable(asid, page) ? 1 : 0;
        memory.writable(asid, page, false);
        handOver(request(asid, ChangeKind.PROTECT, page, page + 1).pagesPresent(changed)
                .synchronous()
                .changed(changed(asid, page, page + 1, changed), harness.nanos())
                .build(), then);
    }

    /** Write-protect, flush, save, unmap, flush, frame back. */
    private void evict(int asid, int page) {
        if (!memory.isPresent(asid, page) || !memory.tryLock(asid, page)) {
            next = nextOperation;
            return;
        }
        int installs = memory.installs(asid, page);
        protect(asid, page, () -> {
            boolean unchanged = memory.isPresent(asid, page)
                    && !memory.isWritable(asid, page)
                    && memory.installs(asid, page) == installs;
            if (unchanged) {
                harness.oracle().copied(memory.frame(asid, page), 1);
            }
            memory.unlock(asid, page);
            if (unchanged) {
                unmap(asid, page, page + 1);
            } else {
                next = nextOperation;
            }
        });
    }

    private void move(int from, int to, Direction direction, int page) {
        boolean possible = memory.isPresent(from, page)
                && !memory.isPresent(to, page)
                && memory.quarantine(to, page) == null
                && !memory.isLocked(from, page)
                && memory.tryLock(to, page);
        if (!possible) {
            next = nextOperation;
            return;
        }
        harness.domain().space(from).changeBegins();
        memory.install(to, page, memory.remove(from, page));
        long sequence = harness.oracle()
                .moved(from, HarnessMemory.address(page), HarnessMemory.address(page + 1),
                        direction);
        var built = request(from, ChangeKind.MOVE, page, page + 1).direction(direction)
                .pagesPresent(1)
                .changed(sequence, harness.nanos())
                .build();
        memory.quarantine(built);
        handOver(built, () -> {
            memory.unlock(to, page);
            next = nextOperation;
        });
    }

    private FlushRequestBuilder request(int asid, ChangeKind kind, int first, int end) {
        return FlushRequest.of(++lastId, asid, kind, HarnessMemory.address(first), HarnessMemory.address(end))
                .cpu(cpu);
    }

    private long changed(int asid, int first, int end, int entries) {
        return entries == 0 ? harness.oracle().sequence()
                : harness.oracle().changed(asid, HarnessMemory.address(first), HarnessMemory.address(end));
    }

    private void handOver(FlushRequest request, Runnable then) {
        unreleased.add(request);
        next = () -> {
            next = null;
            awaited = request;
            afterwards = then;
            part.request(request);
        };
    }

    @Override
    public void sendIpi(int target, FlushCommand command) {
        harness.cpu(target).interrupt(command);
    }

    @Override
    public void flushSelf(int target, FlushCommand command) {
        harness.cpu(target).interrupt(command);
    }

    @Override
    public void broadcast(FlushCommand command) {
        for (int target = 0; target < FlushHarness.CPUS; target++) {
            harness.cpu(target).invalidateByHardware(command);
        }
    }

    @Override
    public void sync(long ticket) {
        syncs.add(ticket);
    }

    @Override
    public boolean setFlag(int target, int expected, int flags) {
        return harness.domain().words().compareAndSetFlags(target, expected, flags);
    }

    @Override
    public void setTimer(long delayNanos, long timer) {
        timers.add(timer);
    }

    @Override
    public void settled(FlushRequest request) {
        once(settled, request, "settled");
    }

    @Override
    public void complete(FlushRequest request) {
        once(completed, request, "completed");
        if (request.equals(awaited)) {
            awaited = null;
            next = afterwards;
        }
    }

    @Override
    public void release(FlushRequest request) {
        once(released, request, "released");
        unreleased.remove(request);
        memory.release(request);
        framesOf.getOrDefault(request.id(), List.of()).forEach(memory::free);
    }

    private static void once(Set<FlushRequest> done, FlushRequest request, String what) {
        if (!done.add(request)) {
            throw new AssertionError(what + " twice: " + request);
        }
    }

    /** Every request settled, completed and was released, each once. */
    void checkNothingForgotten() {
        for (var done : List.of(settled, completed, released)) {
            if (done.size() != lastId) {
                throw new AssertionError("of " + lastId + " requests of initiator " + id + " settled " + settled.size()
                        + ", completed " + completed.size() + ", released " + released.size());
            }
        }
    }
}
