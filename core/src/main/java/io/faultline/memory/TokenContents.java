package io.faultline.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/** Frames that hold one 64-bit token each, in arrays of one block made when the block is first touched. */
final class TokenContents implements FrameContents {
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle TOKEN = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] @Nullable [] chunks;
    private final long frames;

    TokenContents(long frames) {
        this.frames = frames;
        this.chunks = new long[FrameBlocks.blocksOf(frames)][];
    }

    @Override
    public boolean isTokens() {
        return true;
    }

    @Override
    public void copyIn(long frame, PageBuffer from, int firstBasePage, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        for (int i = 0; i < basePages; i++) {
            set(frame + i, from.token(firstBasePage + i));
        }
    }

    @Override
    public void copyOut(long frame, PageBuffer to, int firstBasePage, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        for (int i = 0; i < basePages; i++) {
            to.token(firstBasePage + i, word(frame + i));
        }
    }

    @Override
    public void copy(long fromFrame, long toFrame, long basePages) {
        FrameBlocks.requireRange(fromFrame, basePages, frames);
        FrameBlocks.requireRange(toFrame, basePages, frames);
        for (long i = 0; i < basePages; i++) {
            set(toFrame + i, word(fromFrame + i));
        }
    }

    @Override
    public void zero(long frame, long basePages) {
        FrameBlocks.requireRange(frame, basePages, frames);
        for (long i = 0; i < basePages; i++) {
            set(frame + i, 0);
        }
    }

    @Override
    public long word(long frame) {
        return (long) TOKEN.getAcquire(chunk(frame), FrameBlocks.indexInBlock(frame));
    }

    @Override
    public long addToWord(long frame, long delta) {
        return (long) TOKEN.getAndAdd(chunk(frame), FrameBlocks.indexInBlock(frame), delta);
    }

    @Override
    public boolean sameBeyondWord(long frame, PageBuffer expected, int basePage) {
        return true;
    }

    private void set(long frame, long token) {
        TOKEN.setRelease(chunk(frame), FrameBlocks.indexInBlock(frame), token);
    }

    private long[] chunk(long frame) {
        int block = FrameBlocks.blockOf(frame);
        long[] chunk = (long[]) CHUNK.getAcquire(chunks, block);
        return chunk != null ? chunk : makeChunk(block);
    }

    private synchronized long[] makeChunk(int block) {
        long[] chunk = chunks[block];
        if (chunk == null) {
            chunk = new long[FrameBlocks.FRAMES];
            CHUNK.setRelease(chunks, block, chunk);
        }
        return chunk;
    }
}
