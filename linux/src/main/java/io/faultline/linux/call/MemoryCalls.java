package io.faultline.linux.call;

import static io.faultline.linux.call.Native.INT;
import static io.faultline.linux.call.Native.LONG;
import static io.faultline.linux.call.Native.POINTER;
import static io.faultline.linux.call.Native.RAW_POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Mappings: mmap(2) and its relatives. Addresses are numbers. */
public final class MemoryCalls {
    private static final MethodHandle MMAP =
            Native.function("mmap", RAW_POINTER, RAW_POINTER, LONG, INT, INT, INT, LONG);
    private static final MethodHandle MUNMAP = Native.function("munmap", INT, RAW_POINTER, LONG);
    private static final MethodHandle MADVISE = Native.function("madvise", INT, RAW_POINTER, LONG, INT);
    private static final MethodHandle MREMAP =
            Native.variadic("mremap", 4, RAW_POINTER, RAW_POINTER, LONG, LONG, INT, RAW_POINTER);
    private static final MethodHandle MINCORE = Native.function("mincore", INT, RAW_POINTER, LONG, POINTER);

    private MemoryCalls() {}

    /**
     * mmap(2).
     *
     * @param address 0 for wherever there is room
     * @param length bytes
     * @param protection {@code PROT_} bits of {@link MemoryFlags}
     * @param flags {@code MAP_} bits
     * @param descriptor -1 for anonymous memory
     * @param offset in the object, in bytes
     * @return the address, or the negative errno
     */
    public static long mmap(long address, long length, int protection, int flags, int descriptor, long offset) {
        CallState state = CallState.ofThread();
        try {
            // Safe unless MAP_FIXED names memory of the JVM's: nothing else is replaced.
            return state.answer(
                    (long) MMAP.invokeExact(state.captured(), address, length, protection, flags, descriptor, offset));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * munmap(2). Blocks until an UNMAP event, where asked for, has been read.
     *
     * @param address first address
     * @param length bytes
     * @return 0, or the negative errno
     */
    public static long munmap(long address, long length) {
        CallState state = CallState.ofThread();
        try {
            // Safe as long as the range came from mmap here: no Java object and no segment lies in it.
            return state.answer((int) MUNMAP.invokeExact(state.captured(), address, length));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * madvise(2). Blocks until a REMOVE event, where asked for, has been read; populating blocks on faults.
     *
     * @param address first address
     * @param length bytes
     * @param advice an {@code MADV_} number
     * @return 0, or the negative errno
     */
    public static long madvise(long address, long length, int advice) {
        CallState state = CallState.ofThread();
        try {
            // Safe as munmap is. It may block for as long as a fault is pending: the thread is in native state.
            return state.answer((int) MADVISE.invokeExact(state.captured(), address, length, advice));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * mremap(2). Blocks until a REMAP event, where asked for, has been read.
     *
     * @param address of the mapping
     * @param oldLength its bytes
     * @param newLength bytes afterwards
     * @param flags {@code MREMAP_} bits
     * @param newAddress where to with MREMAP_FIXED, else ignored
     * @return the new address, or the negative errno
     */
    public static long mremap(long address, long oldLength, long newLength, int flags, long newAddress) {
        CallState state = CallState.ofThread();
        try {
            // Safe as mmap and munmap are.
            return state.answer(
                    (long) MREMAP.invokeExact(state.captured(), address, oldLength, newLength, flags, newAddress));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * mincore(2): which pages are resident.
     *
     * @param address first address
     * @param length bytes
     * @param vector takes one byte for each page of 4 KiB, its lowest bit set for a resident one
     * @return 0, or the negative errno; -12 (ENOMEM) when a part is not mapped
     * @throws IllegalArgumentException when the vector is too short
     */
    public static long mincore(long address, long length, MemorySegment vector) {
        long pages = (length + 4095) >>> 12;
        if (vector.byteSize() < pages) {
            throw new IllegalArgumentException(
                    "mincore of " + pages + " pages into a vector of " + vector.byteSize() + " bytes");
        }
        CallState state = CallState.ofThread();
        try {
            // Safe: the kernel writes one byte a page to the vector, whose length was checked, and touches nothing else.
            return state.answer((int) MINCORE.invokeExact(state.captured(), address, length, vector));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }
}
