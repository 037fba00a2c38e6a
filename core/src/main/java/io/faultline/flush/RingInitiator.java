package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The initiator of {@link RingPolicy}: keeps the ring, and hands its ranges to the wrapped policy's initiator in batches. */
final class RingInitiator implements Initiator {
    /** Timers from here up to {@link #lastTimer} are the ring's own; no wrapped policy counts its timers from so low. */
    private static final long TIMER_FIRST = Long.MIN_VALUE;

    private final FlushDomain domain;
    private final InitiatorPort port;
    private final Initiator flusher;
    private final FlushContract contract;
    private final int size;
    private final long timeoutNanos;

    /** In the ring and complete, waiting for the next flush. */
    private final List<FlushRequest> waiting = new ArrayList<>();
    /** Wait for a slot, not complete: each is one requester standing still, so they are no more than those. */
    private final ArrayDeque<FlushRequest> stalled = new ArrayDeque<>();
    /** Being flushed, by the request that stands for them. Their slots are taken until its release. */
    private final Map<FlushRequest, List<FlushRequest>> batches = new HashMap<>();
    private int flushing;
    private int batchesUnsettled;
    private int unsettled;
    /** Counts down, as the ids of a host's requests do not. */
    private long lastBatch;
    private long lastTimer = TIMER_FIRST;

    RingInitiator(int id, FlushDomain domain, InitiatorPort port, RingPolicy policy) {
        this.domain = domain;
        this.port = port;
        contract = policy.own();
        size = policy.size();
        timeoutNanos = policy.timeoutNanos();
        flusher = policy.flusher().initiator(id, domain, new BatchPort());
    }

    @Override
    public void request(FlushRequest request) {
        // A move that found nothing leaves nothing to wait for, unless another's flush is on its way, and then that counts.
        if (!contract.mayDefer(request) || request.pagesPresent() == 0) {
            flusher.request(request);
            return;
        }
        unsettled++;
        stalled.add(request);
        fill();
    }

    /** Gives slots to those that stand still, as far as there are any, and flushes when all are taken. */
    private void fill() {
        // Flushing frees slots at once when no CPU has to be waited for, so it is tried until nothing changes.
        while (!stalled.isEmpty() && waiting.size() + flushing < size) {
            var request = stalled.remove();
            if (waiting.isEmpty() && timeoutNanos != RingPolicy.UNTIL_FULL) {
                port.setTimer(timeoutNanos, ++lastTimer);
            }
            waiting.add(request);
            port.complete(request);
            if (waiting.size() + flushing == size) {
                flush();
            }
        }
    }

    /** Flushes all there is, with or without a slot: nobody may be left waiting for the ring to fill. */
    private void flushAll() {
        while (!stalled.isEmpty()) {
            var request = stalled.remove();
            waiting.add(request);
            port.complete(request);
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
        for (List<FlushRequest> batch : bySpace.values()) {
            var request = covering(batch);
            batches.put(request, batch);
            batchesUnsettled++;
            domain.space(request.asid()).changeBegins();
            flusher.request(request);
        }
    }

    /** One range over all of theirs. Receive buffers lie side by side, and beyond the ceiling all goes anyway. */
    private FlushRequest covering(List<FlushRequest> batch) {
        var first = batch.getFirst();
        long start = Long.MAX_VALUE;
        long end = 0;
        int strideShift = Integer.MAX_VALUE;
        int cpu = first.cpu();
        long present = 0;
        long accessed = 0;
        long writable = 0;
        long changeSequence = 0;
        for (FlushRequest each : batch) {
            start = Math.min(start, each.start());
            end = Math.max(end, each.end());
            strideShift = Math.min(strideShift, each.strideShift());
            cpu = each.cpu() == cpu ? cpu : FlushRequest.NO_CPU;
            present += each.pagesPresent();
            accessed += each.pagesAccessed();
            writable += each.pagesWritable();
            changeSequence = Math.max(changeSequence, each.changeSequence());
        }
        return FlushRequest.of(--lastBatch, first.asid(), ChangeKind.MOVE, start, end)
                .direction(Direction.INTO_APP)
                .synchronous() // Or a wrapped policy might defer it once more.
                .cpu(cpu)
                .strideShift(strideShift)
                .pagesPresent(present)
                .pagesAccessed(accessed)
                .pagesWritable(writable)
                .changed(changeSequence, first.changedNanos())
                .build();
    }

    @Override
    public void acknowledged(int cpu, long ticket) {
        flusher.acknowledged(cpu, ticket);
        fill();
    }

    @Override
    public void synced(long ticket) {
        flusher.synced(ticket);
        fill();
    }

    @Override
    public void timer(long timer) {
        if (timer > lastTimer || timer <= TIMER_FIRST) {
            flusher.timer(timer);
        } else if (timer == lastTimer) {
            // An earlier one belonged to ranges that overflow has flushed since.
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
    public void reuseWanted(FlushRequest request) {
        if (waiting.contains(request) || stalled.contains(request)) {
            flushAll();
        } else {
            flusher.reuseWanted(request);
        }
        fill();
    }

    @Override
    public void departing() {
        flusher.departing();
        fill();
    }

    @Override
    public void drain() {
        flushAll();
        flusher.drain();
        fill();
    }

    @Override
    public int unsettled() {
        return unsettled + flusher.unsettled() - batchesUnsettled;
    }

    /** What the wrapped policy says of a batch is said of those in it. */
    private final class BatchPort extends ForwardingInitiatorPort {
        BatchPort() {
            super(port);
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
            if (!batches.containsKey(request)) {
                super.complete(request);
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
