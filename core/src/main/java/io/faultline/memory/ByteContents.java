package io.faultline.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Frames of real bytes in off-heap chunks of one block (2 MiB) each, made when a block is first touched.
 *
 * <p>
 * Java zero-fills what it allocates off heap, and so commits it; chunks this small keep that to the blocks in use
 * without needing a restricted method.
 */
final class ByteContents implements FrameContents {
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(MemorySegment[].class);
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena = Arena.ofShared();
    private final @Nullable MemorySegment[] chunks;
    private final long frames;

    ByteContents(long frames) {
        this.frames = frames;
        this.chunks = new MemorySegment[FrameBlocks.blocksOf(frames)];
    }

    @Override
    public boolean isTokens() {
        return false;
    }

    @Override
    public void copyIn(long frame, PageBuffer from, int firstBasePage, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        MemorySegment source = from.bytes();
        long offset = bytes(firstBasePage);
        for (long done = 0, step; done < basePages; done += step) {
            step = FrameBlocks.stepWithinBlock(frame + done, basePages - done);
            MemorySegment.copy(source, offset + bytes(done), chunk(frame + done), offset(frame + done), bytes(step));
        }
    }

    @Override
    public void copyOut(long frame, PageBuffer to, int firstBasePage, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        MemorySegment target = to.bytes();
        long offset = bytes(firstBasePage);
        for (long done = 0, step; done < basePages; done += step) {
            step = FrameBlocks.stepWithinBlock(frame + done, basePages - done);
            MemorySegment.copy(chunk(frame + done), offset(frame + done), target, offset + bytes(done), bytes(step));
        }
    }

    @Override
    public void copy(long fromFrame, long toFrame, long basePages) {
        FrameBlocks.requireRange(fromFrame, basePages, frames);
        FrameBlocks.requireRange(toFrame, basePages, frames);
        for (long done = 0, step; done < basePages; done += step) {
            long from = fromFrame + done;
            long to = toFrame + done;
            step = FrameBlocks.stepWithinBlock(to, FrameBlocks.stepWithinBlock(from, basePages - done));
            MemorySegment.copy(chunk(from), offset(from), chunk(to), offset(to), bytes(step));
        }
    }

    @Override
    public void zero(long frame, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        for (long done = 0, step; done < basePages; done += step) {
            step = FrameBlocks.stepWithinBlock(frame + done, basePages - done);
            chunk(frame + done).asSlice(offset(frame + done), bytes(step)).fill((byte) 0);
        }
    }

    @Override
    public long word(long frame) {
        return (long) WORD.getAcquire(chunk(frame), offset(frame));
    }

    @Override
    public long addToWord(long frame, long delta) {
        return (long) WORD.getAndAdd(chunk(frame), offset(frame), delta);
    }

    @Override
    public boolean sameBeyondWord(long frame, PageBuffer expected, int basePage) {
        long start = offset(frame);
        long expectedStart = bytes(basePage);
        return MemorySegment.mismatch(chunk(frame), start + Long.BYTES, start + PageSize.BASE_BYTES, expected.bytes(),
                expectedStart + Long.BYTES, expectedStart + PageSize.BASE_BYTES) < 0;
    }

    private MemorySegment chunk(long frame) {
        int block = FrameBlocks.blockOf(frame);
        MemorySegment chunk = (MemorySegment) CHUNK.getAcquire(chunks, block);
        return chunk != null ? chunk : makeChunk(block);
    }

    private synchronized MemorySegment makeChunk(int block) {
        MemorySegment chunk = chunks[block];
        if (chunk == null) {
            chunk = arena.allocate(PageSize.SIZE_2M.bytes(), Long.BYTES * 8);
            CHUNK.setRelease(chunks, block, chunk);
        }
        return chunk;
    }

    private static long offset(long frame) {
        return bytes(frame & (FrameBlocks.FRAMES - 1));
    }

    private static long bytes(long basePages) {
        return basePages << PageSize.BASE_SHIFT;
    }

    void close() {
        arena.close();
    }
}
