package io.faultline.linux.memory;

import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.FileFlags;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.call.MemoryFlags;
import io.faultline.memory.PageSize;

/** A memfd that several mappings share; closed with the last of them. */
final class MemoryFile {
    private static final String NAME = "faultline";

    private final int descriptor;
    private final AtomicInteger holders = new AtomicInteger(1);

    private MemoryFile(int descriptor) {
        this.descriptor = descriptor;
    }

    static MemoryFile create(RegionBacking backing, PageSize pageSize, long bytes) {
        int flags = FileFlags.MFD_CLOEXEC;
        if (backing == RegionBacking.HUGE) {
            flags |= FileFlags.MFD_HUGETLB | (pageSize.shift() << MemoryFlags.HUGE_SHIFT);
        }
        int descriptor = FileCalls.memfdCreate(NAME, flags);
        LinuxCallException.check(descriptor, "memfd_create for pages of " + pageSize);
        MemoryFile file = new MemoryFile(descriptor);
        int sized = FileCalls.ftruncate(descriptor, bytes);
        if (sized < 0) {
            file.release();
        }
        LinuxCallException.check(sized, "giving a memfd " + bytes + " bytes");
        return file;
    }

    int descriptor() {
        return descriptor;
    }

    void retain() {
        holders.incrementAndGet();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            FileCalls.close(descriptor);
        }
    }
}
