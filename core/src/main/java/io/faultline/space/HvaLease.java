package io.faultline.space;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A memslot's right to be the only writer of a range of the HVA page table. The address space recalls it for what
 * reaches beyond one lease (munmap, fork, mremap, a page cache shared by aliases) and restores it afterwards; meanwhile
 * installs answer EAGAIN, as the kernel's do.
 *
 * <p>
 * Threading: the holder brackets its writing with {@link #begin} and {@link #finish}; anyone may recall.
 */
public final class HvaLease {
    private static final int HELD = 0;
    private static final int WRITING = 1;
    private static final int RECALLING = 2;
    private static final int RECALLED = 3;

    private final long start;
    private final long end;
    private final AtomicInteger state = new AtomicInteger(HELD);

    HvaLease(long start, long end) {
        this.start = start;
        this.end = end;
    }

    /** Returns the first byte. */
    public long start() {
        return start;
    }

    /** Returns the byte after the last. */
    public long end() {
        return end;
    }

    /** Tells whether the holder may write. */
    public boolean isHeld() {
        return state.get() <= WRITING;
    }

    /** Tells whether the holder has stopped writing after a recall. */
    public boolean isRecalled() {
        return state.get() == RECALLED;
    }

    /** Begins a batch of writes; false when the lease is recalled (then the answer is EAGAIN). Does not nest. */
    public boolean begin() {
        return state.compareAndSet(HELD, WRITING);
    }

    /**
     * Ends a batch of writes, and lets a recall that waited for it through.
     *
     * @throws IllegalStateException
     *             without a {@link #begin} that succeeded
     */
    public void finish() {
        if (!state.compareAndSet(WRITING, HELD) && !state.compareAndSet(RECALLING, RECALLED)) {
            throw new IllegalStateException("the lease of " + this + " was not being written");
        }
    }

    /**
     * Takes the right away.
     *
     * @return whether the holder has stopped; false when it is in the middle of a batch, at whose end it stops
     */
    public boolean recall() {
        while (true) {
            int now = state.get();
            switch (now) {
                case HELD -> {
                    if (state.compareAndSet(HELD, RECALLED)) {
                        return true;
                    }
                }
                case WRITING -> {
                    if (state.compareAndSet(WRITING, RECALLING)) {
                        return false;
                    }
                }
                default -> {
                    return now == RECALLED;
                }
            }
        }
    }

    /**
     * Gives the right back.
     *
     * @throws IllegalStateException
     *             unless it was recalled and the holder has stopped
     */
    public void restore() {
        if (!state.compareAndSet(RECALLED, HELD)) {
            throw new IllegalStateException("the lease of " + this + " is not recalled");
        }
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(start) + "-0x" + Long.toHexString(end);
    }
}
