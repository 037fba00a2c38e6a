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
    private int[] free;
    private int freeCount;
    private int slotCount;
    private int inUse;
    private int inUsePeak;

    /**
     * @param capacity
     *            slots at first; only {@link #takeExtra} ever adds to them
     */
    public ReceiveSlots(PageSize pageSize, boolean tokens, int capacity) {
        assert capacity > 0 : capacity + " slots";
        this.pageSize = pageSize;
        this.tokens = tokens;
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
     * Takes a slot in place of one that a stuck read may still write to. That one is given back when the read ends, if
     * it ever does.
     */
    public int takeExtra() {
        if (freeCount > 0) {
            return take();
        }
        buffers.add(null);
        return use(slotCount++);
    }

    private int use(int slot) {
        inUse++;
        inUsePeak = Math.max(inUsePeak, inUse);
        return slot;
    }

    /** Gives a slot back; nobody may touch its buffer any more. */
    public void give(int slot) {
        assert slot >= 0 && slot < slotCount && inUse > 0 : "slot " + slot + " of " + slotCount + ", in use " + inUse;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, free.length * 2);
        }
        free[freeCount++] = slot;
        inUse--;
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
