package io.faultline.memory;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Physical memory: frames of 4 KiB, handed out singly or as aligned runs of 2 MiB and 1 GiB, which split and merge
 * again as they are needed.
 *
 * <p>
 * Every frame has its own count of references: one for each page-table leaf that maps it and one for each page cache or
 * reservation that keeps it. A run has no state of its own, so shattering a mapping, giving part of a large page back,
 * and collapsing contiguous frames need no change here. A frame without references is free at once, unless a quarantine
 * holds it: {@link #quarantine} turns the caller's reference into a hold that ends when stale TLB entries are gone.
 *
 * <p>
 * Threading: any thread; one lock around short sections (use the batch forms where there are many). Single-threaded
 * use hands out the same frames every time. Book-keeping takes at most 4.3 bytes a frame, and contents are committed
 * when first touched.
 */
public final class FramePool implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final FrameContents contents;
    private final FrameStates states;
    private final FreeTier regions;
    private final FreeTier blocks;
    private final FreeTier singles;
    private final long frames;
    private long freeFrames;
    private long quarantinedFrames;
    private long quarantinePeakFrames;
    private FrameObserver observer = FrameObserver.NONE;

    private FramePool(long frames, FrameContents contents) {
        this.frames = frames;
        this.contents = contents;
        this.states = new FrameStates(frames);
        this.regions = new FreeTier(frames / PageSize.SIZE_1G.basePages(), null);
        this.blocks = new FreeTier(frames / PageSize.SIZE_2M.basePages(), regions);
        this.singles = new FreeTier(frames, blocks);
        this.freeFrames = frames;
    }

    /**
     * Returns a pool whose frames hold real bytes.
     *
     * @throws IllegalArgumentException
     *             unless 1 to 2^39 frames are asked for
     */
    public static FramePool bytes(long frames) {
        requireCount(frames);
        return new FramePool(frames, new ByteContents(frames));
    }

    /** Returns a pool whose frames hold one 64-bit token each; throws as {@link #bytes}. */
    public static FramePool tokens(long frames) {
        requireCount(frames);
        return new FramePool(frames, new TokenContents(frames));
    }

    private static void requireCount(long frames) {
        if (frames < 1 || frames > 1L << (Entry.FRAME_BITS - 1)) {
            throw new IllegalArgumentException("a pool of " + frames + " frames; it can have 1 to 2^39");
        }
    }

    /**
     * Allocates one page's frames, each with one reference, and exclusive until it is shared. Contents are undefined.
     *
     * @return the first frame, aligned to the size; -1 when there is no such run
     */
    public long allocate(PageSize size) {
        lock.lock();
        try {
            return allocateLocked(size);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Allocates several pages' frames under one lock.
     *
     * @return how many it got, less than count when the pool ran out
     */
    public int allocate(PageSize size, long[] into, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, into.length);
        lock.lock();
        try {
            int done = 0;
            while (done < count && (into[offset + done] = allocateLocked(size)) >= 0) {
                done++;
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    private long allocateLocked(PageSize size) {
        FreeTier tier = switch (size) {
            case SIZE_4K -> singles;
            case SIZE_2M -> blocks;
            case SIZE_1G -> regions;
        };
        long unit = tier.take();
        if (unit < 0) {
            return -1;
        }
        long frame = unit * size.basePages();
        if (size != PageSize.SIZE_4K) {
            states.forgetSeparate(frame, size.basePages());
        }
        change(frame, size.basePages(), FrameChange.ALLOCATE);
        freeFrames -= size.basePages();
        observer.allocated(frame, size.basePages());
        return frame;
    }

    /**
     * Adds a reference to every frame of the page.
     *
     * @throws IllegalStateException
     *             when one of them is free
     */
    public void retain(long frame, PageSize size) {
        locked(frame, size.basePages(), FrameChange.RETAIN);
    }

    /**
     * Gives back one reference to every frame of the page.
     *
     * @return whether all of the frames became free by it
     * @throws IllegalStateException
     *             when one of them has no reference
     */
    public boolean release(long frame, PageSize size) {
        return locked(frame, size.basePages(), FrameChange.RELEASE) == size.basePages();
    }

    /**
     * Puts the page's frames into quarantine: the caller's reference becomes a hold, which {@link #endQuarantine} ends.
     * A held frame is not handed out again, whoever else gives up references to it.
     *
     * @throws IllegalStateException
     *             when one of the frames has no reference
     */
    public void quarantine(long frame, PageSize size) {
        locked(frame, size.basePages(), FrameChange.QUARANTINE);
    }

    /**
     * Ends one hold on every frame of the page: whoever could reach them through a stale TLB entry has flushed it.
     *
     * @return whether all of the frames became free by it
     * @throws IllegalStateException
     *             when one of them is not in quarantine
     */
    public boolean endQuarantine(long frame, PageSize size) {
        return locked(frame, size.basePages(), FrameChange.END_QUARANTINE) == size.basePages();
    }

    /** Returns how many page-table leaves and caches refer to the frame; holds of quarantines are not counted. */
    public int references(long frame) {
        return state(frame) & FrameStates.REFERENCES;
    }

    /** Tells whether a quarantine holds the frame. */
    public boolean isQuarantined(long frame) {
        return (state(frame) & FrameStates.HOLDS) != 0;
    }

    /** Tells whether the frame belongs to one address space alone (Linux's PageAnonExclusive). */
    public boolean isExclusive(long frame) {
        return (state(frame) & FrameStates.EXCLUSIVE) != 0;
    }

    /** Tells whether every frame of the page belongs to one address space alone. */
    public boolean isExclusive(long frame, PageSize size) {
        FrameBlocks.requireRange(frame, size.basePages(), frames);
        lock.lock();
        try {
            return states.haveAll(frame, size.basePages(), FrameStates.EXCLUSIVE);
        } finally {
            lock.unlock();
        }
    }

    /** Sets or clears the exclusivity of one frame. */
    public void exclusive(long frame, boolean value) {
        exclusive(frame, PageSize.SIZE_4K, value);
    }

    /** Sets or clears the exclusivity of every frame of the page. */
    public void exclusive(long frame, PageSize size, boolean value) {
        locked(frame, size.basePages(), value ? FrameChange.MAKE_EXCLUSIVE : FrameChange.MAKE_SHARED);
    }

    private int state(long frame) {
        FrameBlocks.requireRange(frame, 1, frames);
        lock.lock();
        try {
            return states.get(frame);
        } finally {
            lock.unlock();
        }
    }

    private long locked(long frame, long basePages, FrameChange change) {
        FrameBlocks.requireRange(frame, basePages, frames);
        lock.lock();
        try {
            return change(frame, basePages, change);
        } finally {
            lock.unlock();
        }
    }

    /** Applies the change and returns how many frames became free by it. */
    private long change(long frame, long basePages, FrameChange change) {
        long freed = 0;
        for (long done = 0, step; done < basePages; done += step) {
            long first = frame + done;
            boolean whole = FrameBlocks.indexInBlock(first) == 0 && basePages - done >= FrameBlocks.FRAMES;
            step = whole && states.isCommon(first) ? FrameBlocks.FRAMES : 1;
            int old = states.get(first);
            int now = change.apply(old, first);
            if (step == 1) {
                states.set(first, now);
            } else {
                states.setCommon(first, now);
            }
            count(old, now, step);
            if (now == 0) {
                free(first, step);
                freed += step;
            }
        }
        return freed;
    }

    private void count(int old, int now, long frames) {
        quarantinedFrames +=
                ((now & FrameStates.HOLDS) != 0 ? frames : 0) - ((old & FrameStates.HOLDS) != 0 ? frames : 0);
        quarantinePeakFrames = Math.max(quarantinePeakFrames, quarantinedFrames);
    }

    private void free(long frame, long basePages) {
        if (basePages == FrameBlocks.FRAMES) {
            blocks.give(FrameBlocks.blockOf(frame));
        } else {
            singles.give(frame);
        }
        freeFrames += basePages;
        observer.freed(frame, basePages);
    }

    /** Returns how many frames the pool has in all. */
    public long frames() {
        return frames;
    }

    /** Returns how many frames are free. */
    public long freeFrames() {
        lock.lock();
        try {
            return freeFrames;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many frames are in quarantine now. */
    public long quarantinedFrames() {
        lock.lock();
        try {
            return quarantinedFrames;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the most frames that were in quarantine at once. */
    public long quarantinePeakFrames() {
        lock.lock();
        try {
            return quarantinePeakFrames;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what the pool's own book-keeping takes on the heap, contents not counted, in bytes. */
    public long bookKeepingBytes() {
        lock.lock();
        try {
            return states.bytes() + singles.bytes() + blocks.bytes() + regions.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what the frames hold. */
    public FrameContents contents() {
        return contents;
    }

    /** Sets who hears of frames that are allocated and freed from now on. */
    public void observer(FrameObserver observer) {
        lock.lock();
        try {
            this.observer = observer;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the memory of the contents back; frames of bytes cannot be touched afterwards. */
    @Override
    public void close() {
        if (contents instanceof ByteContents bytes) {
            bytes.close();
        }
    }
}
