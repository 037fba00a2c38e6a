package io.faultline.linux.userfault;

import java.lang.foreign.ValueLayout;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.UserfaultPort;

/** A kernel, simulated or real, as a contract test sees it: memory, ports, accesses. Addresses are the kernel's own. */
interface TestedKernel extends AutoCloseable {
    long PAGE = PageSize.BASE_BYTES;

    /** The features both kernels are opened with; not those that take messages away, and not EXACT_ADDRESS. */
    long FEATURES = 0x1ffff & ~(1 << 1) & ~(1 << 7) & ~(1 << 11) & ~(1 << 15);

    /** A port whose handshake has been made with {@link #FEATURES}. */
    UserfaultPort newPort();

    /** A port that awaits its handshake. */
    UserfaultPort newRawPort();

    /** Memory, readable and writable: private anonymous, or shared. */
    long map(boolean shared, int pages);

    /** A second mapping of shared memory. */
    long alias(long address);

    /** Writes a word through a mapping that no port watches. */
    void poke(long address, long word);

    /** The word at a present page. */
    long peek(long address);

    /** What the page table has: {@code -} nothing, {@code P} a page, {@code W} a write-protected one, {@code w} a marker of
     * write protection, {@code X} one of poison. */
    char state(long address);

    /** Begins an access that faults on the port; it ends when woken and permitted. */
    Access access(UserfaultPort port, long address, boolean write);

    /** Begins a MADV_DONTNEED of a registered range; it ends when its event has been read. */
    Access discard(UserfaultPort port, long address, long length);

    @Override
    void close();

    /** Something under way. */
    interface Access {
        /** Waits for the end; whether it was permitted. Fails the test when it does not come. */
        boolean await();
    }

    /** Pages in which each word of a page is its number from 1000 on. */
    static PageBuffer numbered(int pages) {
        PageBuffer buffer = PageBuffer.bytes(PageSize.SIZE_4K, pages);
        for (int page = 0; page < pages; page++) {
            buffer.bytes().set(ValueLayout.JAVA_LONG, page * PAGE, 1000 + page);
        }
        return buffer;
    }
}
