package io.faultline.linux.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.kernel.NoAccessException;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.memory.Errno;
import io.faultline.memory.FrameContents;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/**
 * A region's base pages as frames, each under its number, reached by system calls. An access to a page that is absent waits;
 * one to a poisoned page throws {@link NoAccessException}.
 *
 * <p>A write is read, add, write; writers of a page take turns at a lock outside the region, and readers take none.
 *
 * <p>Threading: any number of platform threads.
 */
final class RegionContents implements FrameContents {
    /** Many more than there are ever threads, so that writers of different pages seldom wait for one another. */
    private static final int LOCKS = 1 << 14;

    /** What a thread copies into and out of. */
    private static final class Scratch {
        private final MemorySegment page = Arena.ofAuto().allocate(PageSize.BASE_BYTES, Long.BYTES);
        private final MemorySegment word = page.asSlice(0, Long.BYTES);
    }

    private final NativeRegion region;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);
    private final Object[] locks = new Object[LOCKS];

    /**
     * @param region is not closed while anybody accesses this
     */
    RegionContents(NativeRegion region) {
        this.region = region;
        for (int lock = 0; lock < LOCKS; lock++) {
            locks[lock] = new Object();
        }
    }

    @Override
    public boolean isTokens() {
        return false;
    }

    @Override
    public void copyIn(long frame, PageBuffer from, int firstBasePage, long basePages) {
        check(region.write(offset(frame), slice(from, firstBasePage, basePages)), frame);
    }

    @Override
    public void copyOut(long frame, PageBuffer to, int firstBasePage, long basePages) {
        check(region.read(offset(frame), slice(to, firstBasePage, basePages)), frame);
    }

    private static MemorySegment slice(PageBuffer buffer, int firstBasePage, long basePages) {
        return buffer.bytes().asSlice(firstBasePage * PageSize.BASE_BYTES, basePages * PageSize.BASE_BYTES);
    }

    @Override
    public void copy(long fromFrame, long toFrame, long basePages) {
        MemorySegment page = scratch.get().page;
        for (long base = 0; base < basePages; base++) {
            check(region.read(offset(fromFrame + base), page), fromFrame + base);
            check(region.write(offset(toFrame + base), page), toFrame + base);
        }
    }

    @Override
    public void zero(long frame, long basePages) {
        MemorySegment page = scratch.get().page.fill((byte) 0);
        for (long base = 0; base < basePages; base++) {
            check(region.write(offset(frame + base), page), frame + base);
        }
    }

    @Override
    public long word(long frame) {
        MemorySegment word = scratch.get().word;
        check(region.read(offset(frame), word), frame);
        return word.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public long addToWord(long frame, long delta) {
        MemorySegment word = scratch.get().word;
        synchronized (locks[(int) frame & (LOCKS - 1)]) {
            long before = word(frame);
            word.set(ValueLayout.JAVA_LONG, 0, before + delta);
            check(region.write(offset(frame), word), frame);
            return before;
        }
    }

    @Override
    public boolean sameBeyondWord(long frame, PageBuffer expected, int basePage) {
        MemorySegment page = scratch.get().page;
        check(region.read(offset(frame), page), frame);
        long expectedStart = basePage * PageSize.BASE_BYTES;
        return MemorySegment.mismatch(page, Long.BYTES, PageSize.BASE_BYTES, expected.bytes(),
                expectedStart + Long.BYTES, expectedStart + PageSize.BASE_BYTES) < 0;
    }

    private static long offset(long frame) {
        return frame << PageSize.BASE_SHIFT;
    }

    private void check(Errno answer, long frame) {
        if (answer != Errno.OK) {
            throw new NoAccessException("page " + frame + " of the " + region + " answers " + answer);
        }
    }
}
