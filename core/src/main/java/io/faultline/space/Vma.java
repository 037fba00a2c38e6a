package io.faultline.space;

import java.util.Objects;

import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of an address space: the bytes {@code [start, end)} show a memory object from an offset on. Immutable.
 *
 * @param start
 *            first byte, a multiple of the page size
 * @param end
 *            byte after the last, a multiple of the page size
 * @param pageSize
 *            the smallest leaf allowed in it; a leaf may be larger, its size is in its entry
 * @param object
 *            what is mapped
 * @param objectOffset
 *            byte of the object shown at start, a multiple of the page size
 * @param readable
 *            whether loads are permitted
 * @param writable
 *            whether stores are permitted
 * @param shared
 *            whether stores go to the object (MAP_SHARED)
 * @param registration
 *            the userfaultfd it is registered with, or null
 */
public record Vma(long start, long end, PageSize pageSize, MemoryObject object, long objectOffset, boolean readable,
        boolean writable, boolean shared, @Nullable UserfaultRegistration registration) {

    /** Checks that the range is not empty and everything is aligned. */
    public Vma {
        if (start >= end || !pageSize.isAligned(start | end | objectOffset)) {
            throw new IllegalArgumentException("a mapping of 0x" + Long.toHexString(start) + "-0x"
                    + Long.toHexString(end) + " at object offset 0x" + Long.toHexString(objectOffset)
                    + " is empty or not aligned to " + pageSize);
        }
    }

    /** Returns its length in bytes. */
    public long bytes() {
        return end - start;
    }

    /** Tells whether the address is in it. */
    public boolean contains(long address) {
        return start <= address && address < end;
    }

    /** Tells whether the whole range is in it. */
    public boolean contains(long from, long to) {
        return start <= from && to <= end;
    }

    /** Returns the byte of the object that the address shows. */
    public long objectOffsetAt(long address) {
        return objectOffset + (address - start);
    }

    /** Returns the page of the object, in the object's page size, that the address shows. */
    public long objectPageAt(long address) {
        return objectOffsetAt(address) >>> object.pageSize().shift();
    }

    /** Tells whether it is registered for the mode (MISSING, WRITE_PROTECT or MINOR). */
    public boolean isRegistered(int mode) {
        return registration != null && registration.has(mode);
    }

    /** Tells whether its pages are anonymous: no page cache behind them. */
    public boolean isAnonymous() {
        return object.kind() == MemoryObject.Kind.ANON;
    }

    /** Returns the part of it in the range, which must overlap it. */
    Vma part(long from, long to) {
        long partStart = Math.max(start, from);
        return new Vma(partStart, Math.min(end, to), pageSize, object, objectOffsetAt(partStart), readable, writable,
                shared, registration);
    }

    /** Returns it with other permissions. */
    Vma withPermissions(boolean nowReadable, boolean nowWritable) {
        return new Vma(start, end, pageSize, object, objectOffset, nowReadable, nowWritable, shared, registration);
    }

    /** Returns it with another registration. */
    Vma withRegistration(@Nullable UserfaultRegistration now) {
        return new Vma(start, end, pageSize, object, objectOffset, readable, writable, shared, now);
    }

    /** Tells whether the next one goes on where this one ends, alike in everything. */
    boolean continuesIn(Vma next) {
        return end == next.start && object == next.object && objectOffsetAt(end) == next.objectOffset
                && readable == next.readable && writable == next.writable && shared == next.shared
                && Objects.equals(registration, next.registration);
    }

    /** Returns this one and the next as one. */
    Vma joined(Vma next) {
        return new Vma(start, next.end, pageSize, object, objectOffset, readable, writable, shared, registration);
    }
}
