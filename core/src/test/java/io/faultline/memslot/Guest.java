package io.faultline.memslot;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;

/** An address space with one slot over it, and its second stage. */
final class Guest {
    static final long HVA = 1L << 40;
    static final long GPA = 4L << 30;
    static final long BYTES = 4L << 30;

    final FramePool frames = FramePool.tokens(4L << 18);
    final AddressSpace space = new AddressSpace(1, frames);
    final PageTable table = new PageTable();
    final SecondStage secondStage;

    Guest(int flags) {
        this(flags, GPA);
    }

    Guest(int flags, long gpa) {
        int readWrite = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;
        space.mmap(HVA, BYTES, MemoryObject.anon(PageSize.SIZE_4K, BYTES), 0, readWrite, false);
        secondStage = new SecondStage(table, space, new MemslotRegion(1, flags, gpa, BYTES, HVA));
        space.observer(HVA, HVA + BYTES, secondStage);
    }

    /** Maps a page in the host, offset bytes into the slot, and returns its first frame. */
    long install(long offset, PageSize size, long flags) {
        long frame = frames.allocate(size);
        assertThat(space.mappings().install(HVA + offset, size, Entry.of(frame, size, flags))).isEqualTo(Errno.OK);
        return frame;
    }

    long host(long offset) {
        return space.hva().walk(HVA + offset);
    }

    long guest(long offset) {
        return table.walk(GPA + offset);
    }
}
