package io.faultline.linux.userfault;

import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.call.MemoryCalls;
import io.faultline.linux.call.MemoryFlags;
import io.faultline.memory.PageSize;

/**
 * An address that nobody can read: what a COPY is given in place of bytes behind the end of its buffer, so that the kernel
 * answers as it does for every bad source, and reads nothing of what happens to lie there.
 */
final class UnreadablePage {
    /** One page for the life of the JVM. */
    static final long ADDRESS = LinuxCallException.check(
            MemoryCalls.mmap(0, PageSize.BASE_BYTES, MemoryFlags.PROT_NONE,
                    MemoryFlags.MAP_PRIVATE | MemoryFlags.MAP_ANONYMOUS, -1, 0),
            "mapping a page without access");

    private UnreadablePage() {}
}
