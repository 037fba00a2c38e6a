package io.faultline.memslot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * A guest's memslots, by the rules of Linux's {@code __kvm_set_memory_region} and KVM's api.rst, section 4.35.
 *
 * <p>
 * Threading: one owner sets; looking up takes no lock. Who deletes or moves a slot zaps its second stage.
 */
public final class MemslotTable {
    /** KVM_USER_MEM_SLOTS on x86-64: 32 767 less three that KVM keeps for itself. */
    public static final int SLOTS_MAX = 32_764;
    /** KVM_MEM_MAX_NR_PAGES: so that dirty bitmaps can be indexed. */
    public static final long PAGES_MAX = (1L << 31) - 1;

    private static final int FLAGS_KNOWN = MemslotRegion.LOG_DIRTY_PAGES | MemslotRegion.READONLY;
    private static final long HVA_END = 1L << 47;

    /** Sorted by guest-physical address; never changed, only replaced. */
    private volatile MemslotRegion[] regions = new MemslotRegion[0];

    /** Makes a guest without memory. */
    public MemslotTable() {}

    /**
     * Creates, deletes (size 0), moves, or changes the flags of a slot.
     *
     * @return OK; EINVAL for unknown flags, a slot number out of range, anything not aligned to 4 KiB, a range that
     *         wraps or is too long, deletion of a slot that is not there, and a change of size, of host address or of
     *         READONLY; EEXIST when the range overlaps another slot
     */
    public Errno set(MemslotRegion region) {
        if (!isSane(region)) {
            return Errno.EINVAL;
        }
        MemslotRegion old = slot(region.slot());
        if (region.bytes() == 0) {
            return delete(old);
        }
        if (old != null) {
            int changedFlags = old.flags() ^ region.flags();
            if (old.hva() != region.hva() || old.bytes() != region.bytes()
                    || (changedFlags & MemslotRegion.READONLY) != 0) {
                return Errno.EINVAL;
            }
        }
        boolean overlaps = Arrays.stream(regions)
                .anyMatch(
                        other -> other.slot() != region.slot() && other.gpa() < region.end()
                                && region.gpa() < other.end());
        if (overlaps) {
            return Errno.EEXIST;
        }
        regions =
                Stream.concat(Arrays.stream(regions).filter(other -> other.slot() != region.slot()), Stream.of(region))
                        .sorted(Comparator.comparingLong(MemslotRegion::gpa))
                        .toArray(MemslotRegion[]::new);
        return Errno.OK;
    }

    private static boolean isSane(MemslotRegion region) {
        return (region.flags() & ~FLAGS_KNOWN) == 0
                && region.slot() >= 0 && region.slot() < SLOTS_MAX
                && PageSize.SIZE_4K.isAligned(region.gpa() | region.bytes() | region.hva())
                && region.gpa() >= 0 && region.bytes() >= 0 && region.gpa() <= Long.MAX_VALUE - region.bytes()
                && region.hva() >= 0 && region.hva() <= HVA_END - region.bytes()
                && region.bytes() >>> PageSize.BASE_SHIFT <= PAGES_MAX;
    }

    private Errno delete(@Nullable MemslotRegion old) {
        if (old == null) {
            return Errno.EINVAL;
        }
        regions = Arrays.stream(regions).filter(other -> other.slot() != old.slot()).toArray(MemslotRegion[]::new);
        return Errno.OK;
    }

    /** Returns the slot at a guest-physical address; null when there is none: touching it is an exit. */
    public @Nullable MemslotRegion at(long gpa) {
        MemslotRegion[] sorted = regions;
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (gpa < sorted[middle].gpa()) {
                high = middle - 1;
            } else if (gpa >= sorted[middle].end()) {
                low = middle + 1;
            } else {
                return sorted[middle];
            }
        }
        return null;
    }

    /** Returns the slot of that number, or null. */
    public @Nullable MemslotRegion slot(int number) {
        for (MemslotRegion region : regions) {
            if (region.slot() == number) {
                return region;
            }
        }
        return null;
    }

    /** Returns all slots, in order of guest-physical address. */
    public List<MemslotRegion> regions() {
        return List.of(regions);
    }
}
