package io.faultline.staging;

import io.faultline.memory.PageSize;

/**
 * A range of host-virtual memory, divided into slots of one page each.
 *
 * @param hva where it begins, a multiple of the page size
 * @param slots how many pages it has room for
 * @param pageSize of each slot
 */
public record StagingRange(long hva, int slots, PageSize pageSize) {
    /** Checks that it is one. */
    public StagingRange {
        assert slots > 0 && pageSize.isAligned(hva)
                : slots + " slots of " + pageSize + " at 0x" + Long.toHexString(hva);
    }

    /** {@return where a slot begins} */
    public long hvaOf(int slot) {
        assert slot >= 0 && slot < slots : "slot " + slot + " of " + slots;
        return hva + ((long) slot << pageSize.shift());
    }

    /** {@return its length} */
    public long bytes() {
        return (long) slots << pageSize.shift();
    }

    /** {@return the first byte after it} */
    public long end() {
        return hva + bytes();
    }
}
