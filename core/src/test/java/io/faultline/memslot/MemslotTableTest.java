package io.faultline.memslot;

import static io.faultline.memslot.MemslotRegion.LOG_DIRTY_PAGES;
import static io.faultline.memslot.MemslotRegion.READONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The answers of Linux's __kvm_set_memory_region, row by row. */
class MemslotTableTest {
    private static final long MIB = 1 << 20;
    private static final long HVA = 1L << 40;

    private final MemslotTable table = new MemslotTable();

    @BeforeEach
    void createTwoSlots() {
        assertThat(set(1, 0, 16 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.OK);
        assertThat(set(2, 0, 32 * MIB, 4 * MIB, HVA + 4 * MIB)).isEqualTo(Errno.OK);
    }

    @Test
    void shouldFindTheSlotOfAnAddressAndNoneOutside() {
        assertThat(table.at(16 * MIB)).isEqualTo(table.slot(1));
        assertThat(table.at(20 * MIB - 1)).isEqualTo(table.slot(1));
        assertThat(table.at(20 * MIB)).as("an exit").isNull();
        assertThat(table.at(0)).isNull();
        assertThat(table.at(36 * MIB)).isNull();
        assertThat(table.at(33 * MIB)).isEqualTo(table.slot(2));
        assertThat(table.regions()).extracting(MemslotRegion::slot).containsExactly(1, 2);
    }

    @Test
    void shouldTranslateBetweenGuestAndHost() {
        MemslotRegion region = new MemslotRegion(2, 0, 32 * MIB, 4 * MIB, HVA);

        assertThat(region.hvaAt(33 * MIB)).isEqualTo(HVA + MIB);
        assertThat(region.gpaAt(HVA + MIB)).isEqualTo(33 * MIB);
    }

    @Test
    void shouldRefuseAnOverlap() {
        assertThat(set(3, 0, 18 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.EEXIST);
        assertThat(set(3, 0, 12 * MIB, 40 * MIB, HVA)).isEqualTo(Errno.EEXIST);
        assertThat(set(3, 0, 20 * MIB, 12 * MIB, HVA)).as("exactly between").isEqualTo(Errno.OK);
    }

    @Test
    void shouldRefuseToChangeSizeHostAddressOrReadOnly() {
        assertThat(set(1, 0, 16 * MIB, 8 * MIB, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(1, 0, 16 * MIB, 4 * MIB, HVA + MIB)).isEqualTo(Errno.EINVAL);
        assertThat(set(1, READONLY, 16 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(table.at(16 * MIB)).isEqualTo(new MemslotRegion(1, 0, 16 * MIB, 4 * MIB, HVA));
    }

    @Test
    void shouldMoveASlotUnlessAnotherIsInTheWay() {
        assertThat(set(1, 0, 31 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.EEXIST);
        assertThat(set(1, 0, 18 * MIB, 4 * MIB, HVA)).as("over its own old place").isEqualTo(Errno.OK);
        assertThat(table.at(17 * MIB)).isNull();
        assertThat(table.at(21 * MIB)).isEqualTo(table.slot(1));
    }

    @Test
    void shouldTurnDirtyLoggingOnAndOff() {
        assertThat(set(1, LOG_DIRTY_PAGES, 16 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.OK);
        assertThat(table.slot(1)).extracting(MemslotRegion::logsDirtyPages).isEqualTo(true);
        assertThat(set(1, 0, 16 * MIB, 4 * MIB, HVA)).isEqualTo(Errno.OK);
        assertThat(set(1, 0, 16 * MIB, 4 * MIB, HVA)).as("nothing to change").isEqualTo(Errno.OK);
    }

    @Test
    void shouldDeleteASlotOnce() {
        assertThat(set(1, 0, 16 * MIB, 0, HVA)).isEqualTo(Errno.OK);
        assertThat(table.at(16 * MIB)).isNull();
        assertThat(table.slot(1)).isNull();
        assertThat(set(1, 0, 16 * MIB, 0, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(9, 0, 0, 0, 0)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldRefuseWhatIsNotSane() {
        assertThat(set(3, 4, 0, MIB, HVA)).as("unknown flag").isEqualTo(Errno.EINVAL);
        assertThat(set(-1, 0, 0, MIB, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(MemslotTable.SLOTS_MAX, 0, 0, MIB, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(3 | 1 << 16, 0, 0, MIB, HVA)).as("another address space").isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, 100, MIB, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, 0, 100, HVA)).isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, 0, MIB, HVA + 1)).isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, Long.MAX_VALUE & -4096, MIB, HVA)).as("wraps").isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, 0, MIB, 1L << 47)).as("not the user's").isEqualTo(Errno.EINVAL);
        assertThat(set(3, 0, 64 * MIB, (MemslotTable.PAGES_MAX + 1) << 12, HVA)).as("too long").isEqualTo(Errno.EINVAL);
        assertThat(set(MemslotTable.SLOTS_MAX - 1, READONLY | LOG_DIRTY_PAGES, 0, MIB, HVA)).isEqualTo(Errno.OK);
    }

    private Errno set(int slot, int flags, long gpa, long bytes, long hva) {
        return table.set(new MemslotRegion(slot, flags, gpa, bytes, hva));
    }
}
