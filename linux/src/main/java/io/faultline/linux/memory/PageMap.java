package io.faultline.linux.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.FileFlags;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.memory.PageSize;

/**
 * /proc/self/pagemap: the page table entries of this process, 64 bits for each page of 4 KiB. Looking faults nothing in.
 *
 * <p>Threading: one owner. Source: Documentation/admin-guide/mm/pagemap.rst.
 */
public final class PageMap implements AutoCloseable {
    /** Something is mapped there. */
    public static final long PRESENT = 1L << 63;
    /** No page but an entry: swapped out, or a marker of userfaultfd (write-protected while empty, poisoned). */
    public static final long SWAPPED = 1L << 62;
    /** The page belongs to a file or to shared memory. */
    public static final long FILE_OR_SHARED = 1L << 61;
    /** Write-protected through a userfaultfd. */
    public static final long UFFD_WP = 1L << 57;
    /** Mapped by this process alone. */
    public static final long EXCLUSIVE = 1L << 56;

    private static final String PATH = "/proc/self/pagemap";

    private final int descriptor;
    private MemorySegment buffer = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private boolean closed;

    private PageMap(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens it.
     *
     * @return this process's page map
     * @throws LinuxCallException when /proc does not let it
     */
    public static PageMap open() {
        int descriptor = FileCalls.open(PATH, FileFlags.O_RDONLY | FileFlags.O_CLOEXEC);
        LinuxCallException.check(descriptor, "opening " + PATH);
        return new PageMap(descriptor);
    }

    int descriptor() {
        return descriptor;
    }

    /**
     * The entries of some pages.
     *
     * @param address of the first, a multiple of 4 KiB
     * @param entries takes one word for each page
     * @throws LinuxCallException when the range is none of this process's
     */
    public void read(long address, long[] entries) {
        long bytes = (long) entries.length * Long.BYTES;
        if (buffer.byteSize() < bytes) {
            buffer = Arena.ofAuto().allocate(bytes, Long.BYTES);
        }
        long offset = (address >>> PageSize.BASE_SHIFT) * Long.BYTES;
        long got = LinuxCallException.check(
                FileCalls.pread(descriptor, buffer.asSlice(0, bytes), offset),
                "reading " + PATH + " at 0x" + Long.toHexString(address));
        if (got != bytes) {
            throw new IllegalStateException(
                    PATH + " ends " + (bytes - got) / Long.BYTES + " pages before the range at 0x"
                            + Long.toHexString(address) + " does");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_LONG, 0, entries, 0, entries.length);
    }

    /** Closes it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            FileCalls.close(descriptor);
        }
    }
}
