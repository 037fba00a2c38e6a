package io.faultline.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * The receive buffer of one page fetcher: a slot holds one page from the moment its fetch is accepted until the memslot
 * has installed it. The last slot given back is taken first, so that no more memory is touched than was ever in use at
 * once. Not thread-safe: the fetcher owns it; a slot's buffer belongs to whoever holds the slot.
 */
public final class ReceiveSlots {
    private final PageSize pageSize;
    private final boolean tokens;
    private final List<@Nullable PageBuffer> buffers = new ArrayList<>();
    private final int capacity;
    private int[] free;
    private int freeCount;
    private int slotCount;
    /** Slots with reads that were given up: nobody counts on them any more, but they may still be written to. */
    private int stuckCount;
    private int inUse;
    private int inUsePeak;

    /**
     * @param capacity
     *            slots that can be taken at once; only {@link #giveUp} ever adds to them
     */
    public ReceiveSlots(PageSize pageSize, boolean tokens, int capacity) {
        assert capacity > 0 : capacity + " slots";
        this.pageSize = pageSize;
        this.tokens = tokens;
        this.capacity = capacity;
        this.free = new int[capacity];
        for (int slot = capacity - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
            buffers.add(null);
        }
        this.slotCount = capacity;
    }

    /** Takes a free slot; credits see to it that there is one. */
    public int take() {
        assert freeCount > 0 : "all " + slotCount + " receive slots in use: more was sent than granted";
        return use(free[--freeCount]);
    }

    /**
     * A slot that was taken is with a read that was given up and may still write to it: there is a free one in its
     * place from now on. It comes back by {@link #giveLate} when the read ends, if it ever does.
     */
    public void giveUp() {
        stuckCount++;
        assert stuckCount <= inUse : stuckCount + " slots stuck of " + inUse + " in use";
        if (slotCount - stuckCount < capacity) {
            buffers.add(null);
            addFree(slotCount++);
        }
    }

    /** Gives back a slot whose read was given up, and has ended after all. */
    public void giveLate(int slot) {
        assert stuckCount > 0 : "slot " + slot + " is late, but no read was given up";
        stuckCount--;
        give(slot);
    }

    private int use(int slot) {
        inUse++;
        inUsePeak = Math.max(inUsePeak, inUse);
        return slot;
    }

    /** Gives a slot back; nobody may touch its buffer any more. */
    public void give(int slot) {
        assert slot >= 0 && slot < slotCount && inUse > 0 : "slot " + slot + " of " + slotCount + ", in use " + inUse;
        addFree(slot);
        inUse--;
    }

    private void addFree(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, free.length * 2);
        }
        free[freeCount++] = slot;
    }

    /** The slot's page, made on first use. */
    public PageBuffer buffer(int slot) {
        PageBuffer buffer = buffers.get(slot);
        if (buffer == null) {
            buffer = tokens ? PageBuffer.tokens(pageSize, 1) : PageBuffer.bytes(pageSize, 1);
            buffers.set(slot, buffer);
        }
        return buffer;
    }

    public int inUse() {
        return inUse;
    }

    public int inUsePeak() {
        return inUsePeak;
    }
}
