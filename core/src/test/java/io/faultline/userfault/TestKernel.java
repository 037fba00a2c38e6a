package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.HvaLease;
import io.faultline.space.MemoryObject;
import io.faultline.space.Vma;

/** An address space with one port, and short words for what tests do to them. */
final class TestKernel {
    /** An address at which nothing is ever mapped. */
    static final long UNMAPPED = 1L << 46;

    private static final long FIRST = 1L << 40;
    private static final long SPACING = 1L << 36;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    final FramePool frames;
    final AddressSpace space;
    final WokenWaiters sink = new WokenWaiters();
    final SimulatedUserfaultPort port;
    private long nextAddress = FIRST;
    private int raised;

    /** 4 GiB of tokens; all features but SIGBUS and WP_ASYNC, which take messages away. */
    TestKernel() {
        this(FramePool.tokens(1 << 20), UserfaultFeatures.ALL & ~UserfaultFeatures.SIGBUS & ~UserfaultFeatures.WP_ASYNC
                & ~UserfaultFeatures.EXACT_ADDRESS);
    }

    TestKernel(long features) {
        this(FramePool.tokens(1 << 20), features);
    }

    TestKernel(FramePool frames, long features) {
        this.frames = frames;
        this.space = new AddressSpace(1, frames);
        this.port = new SimulatedUserfaultPort(1, space, features, sink);
    }

    /** A buffer whose base page i holds the token 1000 + i. */
    static PageBuffer numbered(PageSize size, int pages) {
        PageBuffer buffer = PageBuffer.tokens(size, pages);
        for (int i = 0; i < buffer.basePages(); i++) {
            buffer.token(i, 1000 + i);
        }
        return buffer;
    }

    /** Maps fresh memory, readable and writable. */
    long map(Memory memory, long pages) {
        return map(object(memory, pages), pages * memory.pageBytes(), memory.isShared(), READ_WRITE);
    }

    long map(MemoryObject object, long bytes, boolean shared, int protection) {
        long start = nextAddress;
        nextAddress += SPACING;
        assertThat(space.mmap(start, bytes, object, 0, protection, shared)).isEqualTo(Errno.OK);
        return start;
    }

    static MemoryObject object(Memory memory, long pages) {
        long bytes = pages * memory.pageBytes();
        return switch (memory) {
            case ANON -> MemoryObject.anon(PageSize.SIZE_4K, bytes);
            case SHMEM, SHMEM_PRIVATE -> MemoryObject.shmem(bytes);
            case HUGETLB_2M, HUGETLB_2M_PRIVATE, HUGETLB_1G -> MemoryObject.hugetlb(memory.pageSize(), bytes);
        };
    }

    /** Maps fresh memory and registers it. */
    long registered(Memory memory, long pages, int modes) {
        long start = map(memory, pages);
        register(start, pages * memory.pageBytes(), modes);
        return start;
    }

    void register(long start, long length, int modes) {
        assertThat(port.register(start, length, modes).errno()).isEqualTo(Errno.OK);
    }

    /** A registered mapping of shared memory that is longer than its object. */
    long registeredPastEnd(long pages, long objectPages, int modes) {
        long bytes = pages * PageSize.BASE_BYTES;
        MemoryObject object = object(Memory.SHMEM, objectPages);
        long start = map(object, bytes, true, READ_WRITE);
        register(start, bytes, modes);
        return start;
    }

    /** A second, unregistered mapping of the object mapped at an address. */
    long alias(long start) {
        Vma vma = vma(start);
        return map(vma.object(), vma.bytes(), true, READ_WRITE);
    }

    Vma vma(long address) {
        Vma vma = space.vmaAt(address);
        if (vma == null) {
            throw new IllegalStateException("nothing is mapped at 0x" + Long.toHexString(address));
        }
        return vma;
    }

    /** Writes through an alias, so that the pages are in the page cache; page i gets the token 5000 + i. */
    void fillThroughAlias(long start, int pages) {
        long alias = alias(start);
        long bytes = vma(start).pageSize().bytes();
        for (int i = 0; i < pages; i++) {
            write(alias + i * bytes, 5000 + i);
        }
    }

    /** A write that the kernel alone must be able to serve. */
    void write(long address, long token) {
        long entry = space.hva().walkAndMark(address, true);
        while (!Entry.isWritable(entry)) {
            assertThat(port.raise(-1, address, true, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
            entry = space.hva().walkAndMark(address, true);
        }
        long frame = Entry.frameAt(entry, address);
        frames.contents().addToWord(frame, token - frames.contents().word(frame));
    }

    /** What the page at the address holds. */
    long token(long address) {
        long entry = entry(address);
        assertThat(Entry.isPresent(entry)).as(Entry.describe(entry)).isTrue();
        return frames.contents().word(Entry.frameAt(entry, address));
    }

    long entry(long address) {
        return space.hva().walk(address);
    }

    /** Makes pages present by COPY. */
    void copy(long start, Memory memory, int pages) {
        long length = pages * memory.pageBytes();
        assertThat(port.copy(start, numbered(memory.pageSize(), pages), 0, length, 0))
                .isEqualTo(IoctlResult.ok(length));
        sink.take();
    }

    /** Fills 2 MiB of anonymous memory, base page i with the token 1000 + i, and makes one large page of it. */
    void copyLarge(long start) {
        long frame = frames.allocate(PageSize.SIZE_2M);
        frames.contents().copyIn(frame, numbered(PageSize.SIZE_2M, 1), 0, PageSize.SIZE_2M.basePages());
        frames.exclusive(frame, PageSize.SIZE_2M, true);
        long entry = Entry.of(frame, PageSize.SIZE_2M, Entry.WRITABLE | Entry.DIRTY);
        assertThat(space.mappings().install(start, PageSize.SIZE_2M, entry)).isEqualTo(Errno.OK);
    }

    /** A read that is a fault of the port. */
    void raiseQueued(int waiter, long address) {
        assertThat(port.raise(waiter, address, false, 10L * raised++)).isEqualTo(RaiseOutcome.QUEUED);
    }

    /** A write that is a fault of the port. */
    void raiseQueuedWrite(int waiter, long address) {
        assertThat(port.raise(waiter, address, true, 10L * raised++)).isEqualTo(RaiseOutcome.QUEUED);
    }

    /** All messages there are. */
    UserfaultMessages read() {
        UserfaultMessages messages = new UserfaultMessages(256);
        assertThat(port.read(messages)).isIn(Errno.OK, Errno.EAGAIN);
        return messages;
    }

    SimulatedUserfaultPort anotherPort(int id) {
        return new SimulatedUserfaultPort(id, space, port.features(), sink);
    }

    /** Uses frames up. */
    void takeFrames(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(frames.allocate(PageSize.SIZE_4K)).isNotNegative();
        }
    }

    void whileRecalled(long start, long length, Runnable action) {
        HvaLease lease = space.lease(start, start + length);
        lease.recall();
        action.run();
        lease.restore();
        space.endLease(lease);
    }
}
