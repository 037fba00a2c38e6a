package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class SpaceCursorTest {
    private static final long START = 1L << 40;
    private static final long BYTES = 16 * PageSize.SIZE_4K.bytes();

    private final AddressSpace space = new AddressSpace(1, FramePool.tokens(64));
    private final SpaceCursor cursor = new SpaceCursor(space);

    private void map(long start) {
        space.mmap(start, BYTES, MemoryObject.anon(PageSize.SIZE_4K, BYTES), 0, AddressSpace.PROT_READ, false);
    }

    @Test
    void shouldSeeMappingsComeChangeAndGo() {
        assertThat(cursor.vmaAt(START)).isNull();
        map(START);
        assertThat(cursor.vmaAt(START)).isEqualTo(space.vmaAt(START)).isNotNull();
        assertThat(cursor.vmaAt(START + BYTES)).isNull();

        space.mprotect(START, BYTES, 0);
        assertThat(cursor.vmaAt(START)).isEqualTo(space.vmaAt(START));

        space.munmap(START, BYTES);
        assertThat(cursor.vmaAt(START)).isNull();
    }

    @Test
    void shouldSeeLeasesRecalledRestoredAndEnded() {
        HvaLease lease = space.lease(START, START + BYTES);
        HvaLease next = space.lease(START + BYTES, START + 2 * BYTES);
        assertThat(cursor.isRecalled(START, START + 4096)).isFalse();

        lease.recall();
        assertThat(cursor.isRecalled(START, START + 4096)).isTrue();
        assertThat(cursor.isRecalled(START + BYTES, START + BYTES + 4096)).isFalse();
        lease.restore();
        assertThat(cursor.isRecalled(START, START + 4096)).isFalse();

        next.recall();
        assertThat(cursor.isRecalled(START, START + 2 * BYTES)).as("a range beyond the lease looked at last").isTrue();
        space.endLease(next);
        assertThat(cursor.isRecalled(START, START + 2 * BYTES)).isFalse();
    }
}
