package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hosts an initiator part: hands it the requests of a {@link HarnessThread}, and offers what it waits for as steps. */
final class HarnessInitiator implements InitiatorPort {
    private final FlushHarness harness;
    private final HarnessMemory memory;
    private final int id;
    private final int cpu;
    private final Initiator part;
    private final HarnessThread thread;
    private final HarnessBroadcasts broadcasts;
    private final List<Long> timers = new ArrayList<>();
    private final List<FlushRequest> unreleased = new ArrayList<>();
    private final Set<FlushRequest> settled = new HashSet<>();
    private final Set<FlushRequest> completed = new HashSet<>();
    private final Set<FlushRequest> released = new HashSet<>();
    private final Map<Long, List<Integer>> framesOf = new HashMap<>();
    private final ArrayDeque<FlushRequest> toHandOver = new ArrayDeque<>();
    private final Set<FlushRequest> awaited = new HashSet<>();
    private boolean operationOpen;
    private int wishesLeft = 3;
    private boolean drained;
    private long lastId;
    private long operation = 1;

    HarnessInitiator(FlushHarness harness, int id, int cpu, FlushPolicy policy) {
        this.harness = harness;
        this.id = id;
        this.cpu = cpu;
        memory = harness.memory();
        broadcasts = new HarnessBroadcasts(harness::cpu);
        part = policy.initiator(id, harness.domain(), this);
        thread = new HarnessThread(harness, this);
    }

    Initiator part() {
        return part;
    }

    HarnessBroadcasts broadcasts() {
        return broadcasts;
    }

    int cpu() {
        return cpu;
    }

    boolean isDone() {
        return thread.isDone() && !waits() && part.unsettled() == 0 && unreleased.isEmpty() && broadcasts.isEmpty();
    }

    long requests() {
        return lastId;
    }

    /** Begins a request of the next number. */
    FlushRequestBuilder request(int asid, ChangeKind kind, int first, int end) {
        return FlushRequest.of(++lastId, asid, kind, HarnessMemory.address(first), HarnessMemory.address(end))
                .operation(operation)
                .cpu(cpu);
    }

    /** Hands a request over, a step later than its change, and its operation's end later still. */
    void handOver(FlushRequest request, List<Integer> frames) {
        framesOf.put(request.id(), frames);
        unreleased.add(request);
        toHandOver.add(request);
        awaited.add(request);
    }

    private boolean waits() {
        return !awaited.isEmpty() || operationOpen;
    }

    void offer(List<FlushHarness.Step> steps) {
        if (cpu == FlushRequest.NO_CPU || (harness.cpu(cpu).isRunning() && !broadcasts.isSyncing())) {
            offerThread(steps);
        }
        for (Long timer : timers) {
            offer(steps, "timer " + timer, () -> {
                timers.remove(timer);
                part.timer(timer);
            });
        }
        broadcasts.offer(steps, FlushHarness.CPUS + id, part);
        if (wishesLeft > 0 && !unreleased.isEmpty()) {
            offer(steps, "wants reuse", () -> {
                wishesLeft--;
                part.reuseWanted(unreleased.getFirst());
            });
        }
        if (thread.isDone() && !waits() && !drained && part.unsettled() > 0) {
            offer(steps, "drains", () -> {
                drained = true;
                part.drain();
            });
        }
    }

    private void offerThread(List<FlushHarness.Step> steps) {
        if (!toHandOver.isEmpty()) {
            offer(steps, "hands over " + toHandOver.getFirst(), () -> {
                operationOpen = true;
                part.request(toHandOver.remove());
            });
        } else if (operationOpen) {
            offer(steps, "ends its operation", () -> {
                operationOpen = false;
                part.operationEnds(operation++);
            });
        } else if (awaited.isEmpty() && !thread.isDone()) {
            offer(steps, "goes on", thread::goOn);
        }
    }

    private void offer(List<FlushHarness.Step> steps, String what, Runnable action) {
        steps.add(new FlushHarness.Step(FlushHarness.CPUS + id, "initiator " + id + " " + what, action));
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
        broadcasts.broadcast(command);
    }

    @Override
    public void sync(long ticket) {
        broadcasts.sync(ticket);
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
        awaited.remove(request);
    }

    @Override
    public void release(FlushRequest request) {
        once(released, request, "released");
        unreleased.remove(request);
        if (request.tablesFreed()) {
            harness.oracle().tableFreed(request.asid(), request.start(), request.end(), request.changeSequence());
        }
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
