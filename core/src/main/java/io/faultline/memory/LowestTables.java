package io.faultline.memory;

import org.jspecify.annotations.Nullable;

/**
 * The tables of level 1 that were used last, so that most walks need not descend from the root: what a page-walk cache
 * is to hardware (Intel SDM vol. 3A, 4.10.3). Direct-mapped, by the 2 MiB that a table translates.
 *
 * <p>
 * Threading: any thread, without order: a table's fields are final, so whoever finds one finds it whole, and one that
 * was taken out of the tree is known by its retired entries.
 */
final class LowestTables {
    private static final int SLOTS = 1 << 12;
    private static final int TABLE_SHIFT = PageSize.SIZE_2M.shift();

    private final @Nullable PageTableNode[] slots = new @Nullable PageTableNode[SLOTS];

    /** Returns the table that holds the address's leaf of 4 KiB, if it is known and still part of the tree. */
    @Nullable
    PageTableNode at(long address) {
        PageTableNode node = slots[slot(address)];
        boolean isIt = node != null && (address ^ node.start()) >>> TABLE_SHIFT == 0
                && (node.get(node.index(address)) & Entry.RETIRED) == 0;
        return isIt ? node : null;
    }

    /** Remembers a table, unless it is of a higher level. */
    void remember(PageTableNode node) {
        if (node.level() == 1) {
            slots[slot(node.start())] = node;
        }
    }

    private static int slot(long address) {
        return (int) (address >>> TABLE_SHIFT) & (SLOTS - 1);
    }
}
