package io.faultline.memory;

import org.jspecify.annotations.Nullable;

/** The tables of one page table, from the root down: finding, making and removing them. */
final class PageTableTree {
    private static final int LEVELS = 4;

    private final TableCount count = new TableCount();
    private final LowestTables lowest = new LowestTables();
    private final PageTableNode root = new PageTableNode(LEVELS, 0);

    PageTableTree() {
        count.added(root);
    }

    PageTableNode root() {
        return root;
    }

    TableCount count() {
        return count;
    }

    /** Returns the lowest table on the way to the address. */
    PageTableNode lowestNode(long address) {
        PageTableNode known = lowest.at(address);
        return known != null ? known : descend(address);
    }

    private PageTableNode descend(long address) {
        requireInRange(address);
        PageTableNode node = root;
        while (true) {
            int index = node.index(address);
            PageTableNode child = node.get(index) == Entry.TABLE ? node.child(index) : null;
            if (child == null) {
                lowest.remember(node);
                return node;
            }
            node = child;
        }
    }

    /** Returns the table that holds leaves of this size for the address; null when there is none. */
    @Nullable
    PageTableNode find(long address, PageSize size) {
        PageTableNode known = size == PageSize.SIZE_4K ? lowest.at(address) : null;
        if (known != null) {
            return known;
        }
        requireInRange(address);
        PageTableNode node = root;
        while (node.level() > size.level()) {
            int index = node.index(address);
            long entry = node.get(index);
            if (entry == Entry.NONE) {
                return null;
            }
            if (entry != Entry.TABLE) {
                throw covered(address, size, entry);
            }
            node = node.childOrThrow(index);
        }
        return node;
    }

    /** Returns the table that holds leaves of this size for the address, made if it is missing. */
    PageTableNode make(long address, PageSize size) {
        PageTableNode known = size == PageSize.SIZE_4K ? lowest.at(address) : null;
        if (known != null) {
            return known;
        }
        requireInRange(address);
        PageTableNode node = root;
        while (node.level() > size.level()) {
            int index = node.index(address);
            PageTableNode child = node.childOrCreate(index, count);
            if (child == null) {
                throw covered(address, size, node.get(index));
            }
            node = child;
        }
        return node;
    }

    private static IllegalStateException covered(long address, PageSize size, long entry) {
        return new IllegalStateException(at(address) + Entry.describe(entry)
                + " covers it; shatter it before a leaf of " + size + " is changed");
    }

    /** Removes the table in a slot where a large leaf is to be.
     *
     * @throws IllegalStateException
     *             when leaves are below it
     */
    void removeEmptyTable(PageTableNode node, int index, long address) {
        PageTableNode table = node.child(index);
        if (table != null && !table.isEmpty()) {
            throw new IllegalStateException(at(address) + "smaller leaves are mapped below a leaf of "
                    + node.leafSize() + "; collapse or clear them first");
        }
        node.replaceTable(index, Entry.NONE, count);
    }

    /** Gives back the tables that lie wholly inside the range and hold no leaf. */
    void prune(long start, long end) {
        prune(root, 0, start, end);
    }

    private void prune(PageTableNode node, long nodeStart, long start, long end) {
        long span = 1L << node.spanShift();
        long nodeEnd = nodeStart + span * PageTableNode.FANOUT;
        int first = node.index(Math.max(start, nodeStart));
        int last = node.index(Math.min(end, nodeEnd) - 1);
        for (int index = first; index <= last; index++) {
            PageTableNode child = node.get(index) == Entry.TABLE ? node.child(index) : null;
            if (child == null) {
                continue;
            }
            long childStart = nodeStart + index * span;
            if (start <= childStart && childStart + span <= end && child.isEmpty()) {
                node.replaceTable(index, Entry.NONE, count);
            } else if (child.level() > 1) {
                prune(child, childStart, start, end);
            }
        }
    }

    static void requireInRange(long address) {
        if (address >>> PageTable.ADDRESS_BITS != 0) {
            throw new IllegalArgumentException(
                    at(address) + "beyond the " + PageTable.ADDRESS_BITS + " bits of the table");
        }
    }

    static String at(long address) {
        return "address 0x" + Long.toHexString(address) + ": ";
    }
}
