package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers requests and hands them to the initiator of another policy in batches, one request per batch and address space:
 * what the policies have in common that delay a flush. What is not gathered goes to that initiator as it is.
 *
 * <p>Bounded by {@link #hasRoom}; a request that finds no room is not complete, so its requester stands still. There are
 * no more of those than requesters.
 */
abstract class GatheringInitiator implements Initiator {
    private final FlushDomain domain;
    private final InitiatorPort port;
    private final Initiator flusher;

    /** Gathered, waiting for the next flush. */
    private final List<FlushRequest> waiting = new ArrayList<>();
    /** Wait for room, not complete. */
    private final ArrayDeque<FlushRequest> stalled = new ArrayDeque<>();
    /** Being flushed, by the request that stands for them, which comes back as the same object. Count until their release. */
    private final IdentityHashMap<FlushRequest, List<FlushRequest>> batches = new IdentityHashMap<>();
    /** The timers that the flusher asked for, by the numbers they were given here. */
    private final Map<Long, Long> timersOfFlusher = new HashMap<>();
    private int flushing;
    private int batchesUnsettled;
    private int unsettled;
    private boolean closing;
    /** Counts down, as the ids of a host's requests do not. */
    private long lastBatch;
    private long lastTimer;
    private long ownTimer;

    GatheringInitiator(FlushPolicy flusher, int id, FlushDomain domain, InitiatorPort port) {
        this.domain = domain;
        this.port = port;
        this.flusher = flusher.initiator(id, domain, new BatchPort());
    }

    /** Whether a request is to be gathered. */
    protected abstract boolean gathers(FlushRequest request);

    /** Whether one more can be gathered now. */
    protected abstract boolean hasRoom();

    /** Whether to flush, now that one more is gathered. */
    protected abstract boolean isDue(FlushRequest latest);

    /** Whether a gathered request is complete before its flush. */
    protected boolean completesAtOnce(FlushRequest request) {
        return true;
    }

    /** Whether a batch is flushed as everything, however little it covers. */
    protected boolean flushesEverything() {
        return false;
    }

    /** How long the first gathered request may wait for others, or 0: for ever. */
    protected long timeoutNanos() {
        return 0;
    }

    /** A request that is not gathered is about to go to the flusher. */
    protected void passes(FlushRequest request) {}

    /** {@return requests gathered and not being flushed yet} */
    protected final int waiting() {
        return waiting.size();
    }

    /** {@return requests being flushed, until their release} */
    protected final int flushing() {
        return flushing;
    }

    /** {@return batches being flushed, until their release} */
    protected final int batches() {
        return batches.size();
    }

    @Override
    public final void request(FlushRequest request) {
        if (!gathers(request)) {
            passes(request);
            flusher.request(request);
            return;
        }
        unsettled++;
        stalled.add(request);
        fill();
        if (!stalled.isEmpty()) {
            port.noRoom(request);
        }
    }

    /** Gathers those that stand still, as far as there is room, and flushes when it is time. */
    private void fill() {
        // Flushing makes room at once when no CPU has to be waited for, so it is tried until nothing changes.
        while (!stalled.isEmpty() && hasRoom()) {
            var request = stalled.remove();
            if (waiting.isEmpty() && timeoutNanos() > 0) {
                ownTimer = ++lastTimer;
                port.setTimer(timeoutNanos(), ownTimer);
            }
            gather(request);
            if (isDue(request)) {
                flush();
            }
        }
        if (closing && stalled.isEmpty()) {
            closing = false;
            flush();
        }
    }

    private void gather(FlushRequest request) {
        waiting.add(request);
        if (completesAtOnce(request)) {
            port.complete(request);
        }
    }

    /** Flushes what is gathered, and what stands still as soon as there is room for it, without waiting for more. */
    protected final void close() {
        closing = !stalled.isEmpty();
        flush();
    }

    /** Flushes all there is, with room or without: nobody may be left waiting for others. */
    private void flushAll() {
        while (!stalled.isEmpty()) {
            gather(stalled.remove());
        }
        flush();
    }

    private void flush() {
        var bySpace = new LinkedHashMap<Integer, List<FlushRequest>>();
        for (FlushRequest request : waiting) {
            bySpace.computeIfAbsent(request.asid(), asid -> new ArrayList<>()).add(request);
        }
        flushing += waiting.size();
        waiting.clear();
        ownTimer = 0;
        for (List<FlushRequest> batch : bySpace.values()) {
            var request = covering(batch);
            batches.put(request, batch);
            batchesUnsettled++;
            domain.space(request.asid()).changeBegins();
            flusher.request(request);
            flusher.operationEnds(request.operation());
        }
    }

    /** One range over all of theirs: what was unmapped or moved together lies together, and beyond the ceiling all goes. */
    private FlushRequest covering(List<FlushRequest> batch) {
        var first = batch.getFirst();
        long start = flushesEverything() ? 0 : Long.MAX_VALUE;
        long end = flushesEverything() ? Long.MAX_VALUE : 0;
        int strideShift = Integer.MAX_VALUE;
        int cpu = first.cpu();
        long present = 0;
        long accessed = 0;
        long writable = 0;
        long changeSequence = 0;
        boolean tablesFreed = false;
        for (FlushRequest each : batch) {
            start = Math.min(start, each.start());
            end = Math.max(end, each.end());
            strideShift = Math.min(strideShift, each.strideShift());
            cpu = each.cpu() == cpu ? cpu : FlushRequest.NO_CPU;
            present += each.pagesPresent();
            accessed += each.pagesAccessed();
            writable += each.pagesWritable();
            changeSequence = Math.max(changeSequence, each.changeSequence());
            tablesFreed |= each.tablesFreed();
        }
        var covering = FlushRequest.of(--lastBatch, first.asid(), ChangeKind.UNMAP, start, end)
                .operation(lastBatch)
                .synchronous() // Or a wrapped policy might defer it once more.
                .cpu(cpu)
                .strideShift(strideShift)
                .pagesPresent(present)
                .pagesAccessed(accessed)
                .pagesWritable(writable)
                .changed(changeSequence, first.changedNanos());
        return tablesFreed ? covering.tablesFreed().build() : covering.build();
    }

    @Override
    public final void acknowledged(int cpu, long ticket) {
        flusher.acknowledged(cpu, ticket);
        fill();
    }

    @Override
    public final void synced(long ticket) {
        flusher.synced(ticket);
        fill();
    }

    @Override
    public final void timer(long timer) {
        Long flushers = timersOfFlusher.remove(timer);
        if (flushers != null) {
            flusher.timer(flushers);
        } else if (timer == ownTimer) {
            // An earlier one belonged to requests that were flushed since.
            flush();
        }
        fill();
    }

    @Override
    public void operationEnds(long operation) {
        flusher.operationEnds(operation);
        fill();
    }

    @Override
    public final void reuseWanted(FlushRequest request) {
        if (waiting.contains(request) || stalled.contains(request)) {
            flushAll();
        } else {
            flusher.reuseWanted(request);
        }
        fill();
    }

    @Override
    public final void departing() {
        flusher.departing();
        fill();
    }

    @Override
    public final void drain() {
        flushAll();
        flusher.drain();
        fill();
    }

    @Override
    public final int unsettled() {
        return unsettled + flusher.unsettled() - batchesUnsettled;
    }

    /** What the flusher says of a batch is said of those in it. */
    private final class BatchPort extends ForwardingInitiatorPort {
        BatchPort() {
            super(port);
        }

        @Override
        public void setTimer(long delayNanos, long timer) {
            timersOfFlusher.put(++lastTimer, timer);
            super.setTimer(delayNanos, lastTimer);
        }

        @Override
        public void settled(FlushRequest request) {
            var batch = batches.get(request);
            if (batch == null) {
                super.settled(request);
                return;
            }
            batchesUnsettled--;
            unsettled -= batch.size();
            for (FlushRequest each : batch) {
                domain.space(each.asid()).changeEnds();
                super.settled(each);
            }
        }

        @Override
        public void complete(FlushRequest request) {
            var batch = batches.get(request);
            if (batch == null) {
                super.complete(request);
                return;
            }
            for (FlushRequest each : batch) {
                if (!completesAtOnce(each)) {
                    super.complete(each);
                }
            }
        }

        @Override
        public void release(FlushRequest request) {
            var batch = batches.remove(request);
            if (batch == null) {
                super.release(request);
                return;
            }
            flushing -= batch.size();
            batch.forEach(super::release);
        }
    }
}
