package io.faultline.linux.memory;

import java.lang.foreign.MemorySegment;

import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.call.MemoryCalls;
import io.faultline.linux.call.MemoryFlags;
import io.faultline.linux.call.TransferCalls;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * Memory of this process that a userfaultfd may watch, reached by system calls only.
 *
 * <p>Java code must not touch such memory, and here it cannot: there is no {@link MemorySegment} of it to be had. A Java
 * thread that touches a missing page stops in Java state. The next collection waits for it at its safepoint, whoever should
 * resolve the fault waits for the collection, and the JVM hangs for ever. In native code (a memcpy) it would wait safely, but
 * a poisoned page raises SIGBUS there, and the JVM aborts. System calls wait in native state, and answer EFAULT.
 *
 * <p>They fault in kernel mode: a userfaultfd opened with USER_MODE_ONLY does not serve them, and they answer EFAULT.
 *
 * <p>Threading: {@link #read}, {@link #write} and {@link #populate} may be called by any number of platform threads at once,
 * and block each for as long as its fault does. A copy is not atomic. Whoever closes the region makes sure that nobody uses
 * it any more.
 */
public final class NativeRegion implements AutoCloseable {
    private static final int NO_FILE = -1;

    /** How populating a poisoned page is refused; every other access answers EFAULT. */
    private static final int EHWPOISON = 133;

    private final RegionBacking backing;
    private final PageSize pageSize;
    private final long address;
    private final long bytes;
    private @Nullable MemoryFile file;
    private boolean closed;

    private NativeRegion(RegionBacking backing, PageSize pageSize, long address, long bytes,
            @Nullable MemoryFile file) {
        this.backing = backing;
        this.pageSize = pageSize;
        this.address = address;
        this.bytes = bytes;
        this.file = file;
    }

    /**
     * Maps a region, empty.
     *
     * @param backing what stands behind it
     * @param pageSize 4 KiB, or the size of the huge pages for {@link RegionBacking#HUGE}
     * @param bytes a multiple of the page size
     * @return the region
     * @throws IllegalArgumentException when backing, page size and bytes do not fit each other
     * @throws LinuxCallException when the kernel has no room, or no huge pages
     */
    public static NativeRegion map(RegionBacking backing, PageSize pageSize, long bytes) {
        if (bytes <= 0 || !pageSize.isAligned(bytes)) {
            throw new IllegalArgumentException("a region of " + bytes + " bytes; it must be a multiple of " + pageSize);
        }
        if ((backing == RegionBacking.HUGE) == (pageSize == PageSize.SIZE_4K)) {
            throw new IllegalArgumentException("a region of backing " + backing + " cannot have pages of " + pageSize);
        }
        if (backing != RegionBacking.ANONYMOUS) {
            MemoryFile file = MemoryFile.create(backing, pageSize, bytes);
            try {
                return ofFile(backing, pageSize, bytes, file);
            } catch (LinuxCallException noRoom) {
                file.release();
                throw noRoom;
            }
        }
        int flags = MemoryFlags.MAP_PRIVATE | MemoryFlags.MAP_ANONYMOUS | MemoryFlags.MAP_NORESERVE;
        long address = mmap(bytes, flags, NO_FILE);
        // A page that a child shares cannot be moved (EBUSY), and ProcessBuilder forks.
        LinuxCallException.check(MemoryCalls.madvise(address, bytes, MemoryFlags.MADV_DONTFORK), "MADV_DONTFORK");
        return new NativeRegion(backing, pageSize, address, bytes, null);
    }

    private static NativeRegion ofFile(RegionBacking backing, PageSize pageSize, long bytes, MemoryFile file) {
        // Huge pages are reserved now: where the pool runs out later, a COPY answers EEXIST, woken waiters fault again, and so on
        // for ever (Linux 6.18, hugetlb_mfill_atomic_pte).
        int reserve = backing == RegionBacking.HUGE ? 0 : MemoryFlags.MAP_NORESERVE;
        long address = mmap(bytes, MemoryFlags.MAP_SHARED | reserve, file.descriptor());
        return new NativeRegion(backing, pageSize, address, bytes, file);
    }

    private static long mmap(long bytes, int flags, int descriptor) {
        int protection = MemoryFlags.PROT_READ | MemoryFlags.PROT_WRITE;
        return LinuxCallException.check(
                MemoryCalls.mmap(0, bytes, protection, flags, descriptor, 0), "mapping " + bytes + " bytes");
    }

    /**
     * A second mapping of the same memory, for which nothing is registered: what is written through it is in the page cache,
     * and the first mapping faults MINOR.
     *
     * @return a region of the same contents
     * @throws IllegalStateException when the region is anonymous, or closed
     */
    public NativeRegion alias() {
        MemoryFile shared = file;
        if (shared == null) {
            throw new IllegalStateException("only memory with a file behind it can be mapped twice; this is " + this);
        }
        shared.retain();
        return ofFile(backing, pageSize, bytes, shared);
    }

    /** {@return the first address: for userfaultfd ioctls, never for access} */
    public long address() {
        return address;
    }

    /** {@return how long it is} */
    public long bytes() {
        return bytes;
    }

    /** {@return the size of its pages} */
    public PageSize pageSize() {
        return pageSize;
    }

    /** {@return what stands behind it} */
    public RegionBacking backing() {
        return backing;
    }

    /**
     * Copies out of the region. Blocks while a page is missing.
     *
     * @param offset of the first byte in the region
     * @param into takes the bytes: native memory, not a region's
     * @return OK when all bytes were copied; EFAULT when some page answers no access: it is poisoned, or missing where only
     *     user-mode faults are served. {@code into} may have been filled in part
     * @throws IndexOutOfBoundsException when that is beyond the region
     */
    public Errno read(long offset, MemorySegment into) {
        return complete(TransferCalls.read(checked(offset, into.byteSize()), into), into);
    }

    /**
     * Copies into the region. Blocks while a page is missing or write-protected.
     *
     * @param offset of the first byte in the region
     * @param from the bytes: native memory, not a region's
     * @return as for {@link #read}
     * @throws IndexOutOfBoundsException when that is beyond the region
     */
    public Errno write(long offset, MemorySegment from) {
        return complete(TransferCalls.write(checked(offset, from.byteSize()), from), from);
    }

    /** The kernel stops at the first page that cannot be had, and says how far it came (process_vm_readv(2)). */
    private static Errno complete(long answer, MemorySegment asked) {
        if (answer == asked.byteSize()) {
            return Errno.OK;
        }
        return answer < 0 ? Errno.ofNumber((int) -answer) : Errno.EFAULT;
    }

    /**
     * Faults a range in, as accesses would, without copying anything (madvise(2), MADV_POPULATE_READ and _WRITE). Blocks
     * while a page is missing.
     *
     * @param offset of the first page
     * @param length bytes
     * @param write whether to fault as a write does
     * @return OK, or EFAULT for a page that answers no access
     * @throws IndexOutOfBoundsException when that is beyond the region
     */
    public Errno populate(long offset, long length, boolean write) {
        return advise(offset, length, write ? MemoryFlags.MADV_POPULATE_WRITE : MemoryFlags.MADV_POPULATE_READ);
    }

    /**
     * Drops the contents of a range: the next access is a MISSING fault. Blocks until a REMOVE event, where asked for, has
     * been read, so the reader of the events must be another thread.
     *
     * @param offset of the first page
     * @param length bytes
     * @return OK, or why not
     * @throws IndexOutOfBoundsException when that is beyond the region
     */
    public Errno discard(long offset, long length) {
        return advise(
                offset,
                length,
                backing == RegionBacking.ANONYMOUS ? MemoryFlags.MADV_DONTNEED : MemoryFlags.MADV_REMOVE);
    }

    private Errno advise(long offset, long length, int advice) {
        long answer = MemoryCalls.madvise(checked(offset, length), length, advice);
        return answer == -EHWPOISON ? Errno.EFAULT : Errno.ofNumber((int) -answer);
    }

    @Override
    public String toString() {
        return backing + " region of " + bytes + " bytes at 0x" + Long.toHexString(address);
    }

    private long checked(long offset, long length) {
        if (closed) {
            throw new IllegalStateException("the " + this + " is closed");
        }
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new IndexOutOfBoundsException(length + " bytes at offset " + offset + " of a " + this);
        }
        return address + offset;
    }

    /** Unmaps the region. Blocks until an UNMAP event, where asked for, has been read. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LinuxCallException.check(MemoryCalls.munmap(address, bytes), "unmapping the " + this);
        if (file != null) {
            file.release();
        }
    }
}
