package io.faultline.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A very long array of longs, zero at first, whose parts come into being when they are first written: a memory of
 * terabytes of which little is touched costs little. Thread-safe.
 */
public final class ChunkedLongs {
    private static final int CHUNK_SHIFT = 13;
    private static final int CHUNK_LENGTH = 1 << CHUNK_SHIFT;
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long length;
    private final long @Nullable [][] chunks;

    /**
     * Zeros.
     *
     * @param length how many, less than 2^44
     */
    public ChunkedLongs(long length) {
        this.length = length;
        chunks = new long[Math.toIntExact((length + CHUNK_LENGTH - 1) >>> CHUNK_SHIFT)][];
    }

    /** Returns an element; what is read after it in program order stays after it. */
    public long getAcquire(long index) {
        long[] chunk = chunkOrNull(index);
        return chunk == null ? 0 : (long) ELEMENT.getAcquire(chunk, offset(index));
    }

    /** Sets an element; what was written before it in program order stays before it. */
    public void setRelease(long index, long value) {
        ELEMENT.setRelease(chunk(index), offset(index), value);
    }

    /** Adds, with the order of a volatile access, and returns what was there. */
    public long getAndAdd(long index, long delta) {
        return (long) ELEMENT.getAndAdd(chunk(index), offset(index), delta);
    }

    /** Sets bits, with the order of a volatile access. */
    public void setBits(long index, long bits) {
        ELEMENT.getAndBitwiseOr(chunk(index), offset(index), bits);
    }

    /** Clears bits, with the order of a volatile access. */
    public void clearBits(long index, long bits) {
        long[] chunk = chunkOrNull(index);
        if (chunk != null) {
            ELEMENT.getAndBitwiseAnd(chunk, offset(index), ~bits);
        }
    }

    private long[] chunk(long index) {
        long[] chunk = chunkOrNull(index);
        return chunk != null ? chunk : addChunk((int) (index >>> CHUNK_SHIFT));
    }

    private long @Nullable [] chunkOrNull(long index) {
        Objects.checkIndex(index, length);
        return (long[]) CHUNK.getAcquire(chunks, (int) (index >>> CHUNK_SHIFT));
    }

    private long[] addChunk(int chunkIndex) {
        var fresh = new long[CHUNK_LENGTH];
        long[] winner = (long[]) CHUNK.compareAndExchange(chunks, chunkIndex, null, fresh);
        return winner == null ? fresh : winner;
    }

    private static int offset(long index) {
        return (int) index & (CHUNK_LENGTH - 1);
    }
}
