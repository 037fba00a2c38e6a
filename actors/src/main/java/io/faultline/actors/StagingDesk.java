package io.faultline.actors;

import java.util.ArrayDeque;

import io.faultline.memory.Entry;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.PageBatch;
import io.faultline.staging.StagingRange;
import io.faultline.staging.StagingSlots;
import org.jspecify.annotations.Nullable;

/**
 * Where a fetcher receives pages that are to be moved: it writes each to a slot of its staging range, through the TLB of
 * its own CPU, as recv(2) into user memory does. A page for which there is no frame waits. Belongs to the fetcher.
 */
final class StagingDesk {
    private final MachineParts parts;
    private final HostCpu cpu;
    private final StagingRange range;
    private final StagingSlots slots;
    /** What arrived and waits for frames, in the order it came. */
    private final ArrayDeque<PageBatch> waiting = new ArrayDeque<>();

    StagingDesk(MachineParts parts, int fetcher) {
        this.parts = parts;
        this.range = parts.staging().range(fetcher);
        this.slots = new StagingSlots(range);
        this.cpu = new HostCpu(parts, fetcher);
    }

    HostCpu cpu() {
        return cpu;
    }

    /** Takes a batch in that has arrived; what can be handed over is told by {@link #next}. */
    void add(PageBatch batch) {
        waiting.add(batch);
    }

    /**
     * Receives as much of the first batch as there are frames for.
     *
     * @param buffers
     *            is given each buffer's slot that is free now
     * @return a batch to hand over, or null
     */
    @Nullable
    PageBatch next(ReceiveDesk buffers) {
        PageBatch batch = waiting.peekFirst();
        if (batch == null) {
            return null;
        }
        int received = 0;
        while (received < batch.count() && receive(batch, received, buffers)) {
            received++;
        }
        cpu.idle();
        if (received == 0) {
            return null;
        }
        waiting.removeFirst();
        if (received < batch.count()) {
            waiting.addFirst(batch.splitAfter(received));
        }
        return batch;
    }

    private boolean receive(PageBatch batch, int index, ReceiveDesk buffers) {
        int slot = slots.take();
        long hva = range.hvaOf(slot);
        boolean reused = slots.isReused(slot);
        if (reused) {
            parts.oracle().rangeReused(MachineParts.HOST_ASID, hva, hva + parts.spec().pageSize().bytes());
        }
        PageBuffer from = batch.buffer(index);
        if (!cpu.write(hva, from)) {
            slots.give(slot, reused);
            return false;
        }
        buffers.giveBuffer(batch.takeSlot(index));
        batch.staged(index, slot, range.hva());
        return true;
    }

    /** Whether anything waits for a frame. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes a slot back; {@code moved} tells whether the page was moved out of it, and its range flushed. */
    void give(int slot, boolean moved) {
        slots.give(slot, moved);
    }

    /** Whether the page was moved out of a slot that was handed over. */
    boolean isVacant(int slot) {
        return !Entry.isPresent(parts.space().hva().walk(range.hvaOf(slot)));
    }
}
