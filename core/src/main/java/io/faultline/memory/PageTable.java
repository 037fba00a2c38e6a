package io.faultline.memory;

/**
 * A four-level radix page table over 48 bits of address, its tables made on first use, so that a space of several TiB
 * costs only what is touched.
 *
 * <p>
 * Threading: each range has one writer (whoever holds its lease), and any number of threads walk. {@link #walk} and
 * {@link #walkAndMark} take no lock: entries are read with acquire, and accessed and dirty bits are set by
 * compare-and-set as a hardware walker does. Whatever replaces or clears an entry is an atomic exchange that returns
 * the old entry, so a dirty bit is either in the entry, or in what the writer got; this holds across shatter and
 * collapse. Two writers of neighbouring ranges may meet in one table.
 *
 * <p>
 * The table does not count references to frames: who takes an entry out has its reference.
 */
public final class PageTable {
    /** Bits of an address that the table translates. */
    public static final int ADDRESS_BITS = 48;

    private final PageTableTree tree = new PageTableTree();

    /** Makes an empty table. */
    public PageTable() {}

    /**
     * Returns the leaf covering the address, read with acquire: present, marker, or {@link Entry#NONE}. Its size is in
     * the entry.
     */
    public long walk(long address) {
        while (true) {
            PageTableNode node = tree.lowestNode(address);
            long entry = node.get(node.index(address));
            if ((entry & (Entry.TABLE | Entry.RETIRED)) == 0) {
                return entry;
            }
        }
    }

    /**
     * Translates as a hardware walker does: when the access is permitted it sets the accessed bit, and the dirty bit
     * for a write, by compare-and-set.
     *
     * @return the entry after marking; an entry that does not permit the access (not present, or a write without
     *         WRITABLE) comes back as found, unmarked
     */
    public long walkAndMark(long address, boolean write) {
        long marks = write ? Entry.ACCESSED | Entry.DIRTY : Entry.ACCESSED;
        while (true) {
            PageTableNode node = tree.lowestNode(address);
            int index = node.index(address);
            long entry = node.get(index);
            if ((entry & (Entry.TABLE | Entry.RETIRED)) != 0) {
                continue;
            }
            if (!Entry.isPresent(entry) || (write && !Entry.isWritable(entry)) || (entry & marks) == marks) {
                return entry;
            }
            if (node.compareAndSet(index, entry, entry | marks)) {
                return entry | marks;
            }
        }
    }

    /**
     * Installs a leaf where nothing is mapped; a marker of the same size is replaced. Tables without leaves that are in
     * the way of a large leaf are removed. Only the range's writer calls it.
     *
     * @throws IllegalStateException
     *             when a leaf of another size covers the address, or smaller leaves are below it
     */
    public void set(long address, PageSize size, long entry) {
        long old = exchange(address, size, entry);
        assert !Entry.isMapped(old)
                : PageTableTree.at(address) + Entry.describe(old) + " is mapped; replace it with exchange";
    }

    /**
     * Atomically replaces the leaf of this size at the address and returns the old one with every bit that walkers set
     * in it. Only the range's writer calls it.
     *
     * @param entry
     *            a leaf of that size, or {@link Entry#NONE}
     * @throws IllegalStateException
     *             when a leaf of another size covers the address, or smaller leaves are below it
     */
    public long exchange(long address, PageSize size, long entry) {
        requireLeaf(address, size, entry);
        PageTableNode node = entry == Entry.NONE ? tree.find(address, size) : tree.make(address, size);
        if (node == null) {
            return Entry.NONE;
        }
        int index = node.index(address);
        while (true) {
            long old = node.get(index);
            if (old == Entry.TABLE) {
                tree.removeEmptyTable(node, index, address);
            } else if (node.compareAndSet(index, old, entry)) {
                return old;
            }
        }
    }

    /**
     * Replaces the leaf only if it is exactly as expected; false when a walker or another writer was faster.
     *
     * @throws IllegalStateException
     *             as {@link #exchange}
     */
    public boolean compareAndSet(long address, PageSize size, long expected, long entry) {
        requireLeaf(address, size, entry);
        PageTableNode node = entry == Entry.NONE ? tree.find(address, size) : tree.make(address, size);
        if (node == null) {
            return expected == Entry.NONE;
        }
        int index = node.index(address);
        if (node.get(index) == Entry.TABLE) {
            tree.removeEmptyTable(node, index, address);
        }
        return node.compareAndSet(index, expected, entry);
    }

    /**
     * Atomically sets bits in the leaf of this size and returns it as it was; does nothing where there is no leaf.
     *
     * @throws IllegalStateException
     *             when the leaf has another size
     */
    public long setBits(long address, PageSize size, long bits) {
        return change(address, size, bits, 0);
    }

    /**
     * Atomically clears bits in the leaf of this size and returns it as it was, so that a dirty bit cleared here is in
     * the caller's hands; does nothing where there is no leaf.
     *
     * @throws IllegalStateException
     *             when the leaf has another size
     */
    public long clearBits(long address, PageSize size, long bits) {
        return change(address, size, 0, bits);
    }

    /** Atomically sets some bits and clears others, and returns the leaf as it was; see {@link #setBits}. */
    public long change(long address, PageSize size, long bitsSet, long bitsCleared) {
        PageTableNode node = tree.find(address, size);
        if (node == null) {
            return Entry.NONE;
        }
        int index = node.index(address);
        while (true) {
            long old = node.get(index);
            if (old == Entry.NONE) {
                return old;
            }
            if (old == Entry.TABLE) {
                throw new IllegalStateException(
                        PageTableTree.at(address) + "leaves smaller than " + size + "; name their size");
            }
            if (node.compareAndSet(index, old, (old | bitsSet) & ~bitsCleared)) {
                return old;
            }
        }
    }

    /**
     * Makes the leaf covering the address one of at most the given size. Only the way to the address is broken up: a
     * 1 GiB leaf shattered to 4 KiB becomes 511 leaves of 2 MiB and 512 of 4 KiB. Every piece inherits the flags,
     * accessed and dirty included; a marker becomes markers. Does nothing where there is no larger leaf.
     */
    public void shatter(long address, PageSize to) {
        PageTableTree.requireInRange(address);
        PageTableNode node = tree.root();
        while (node.level() > to.level()) {
            int index = node.index(address);
            long entry = node.get(index);
            if (entry == Entry.NONE) {
                return;
            }
            if (entry != Entry.TABLE) {
                node.shatter(index, tree.count());
            }
            node = node.childOrThrow(index);
        }
    }

    /**
     * Makes one leaf of the given size from the leaves below it: all of them the same but for accessed and dirty, which
     * are merged, and over contiguous frames (or swap slots) that begin at a multiple of the size.
     *
     * @return whether a leaf of at least that size covers the address now; when false nothing has changed
     */
    public boolean collapse(long address, PageSize to) {
        PageTableTree.requireInRange(address);
        PageTableNode node = tree.root();
        while (true) {
            int index = node.index(address);
            long entry = node.get(index);
            PageTableNode child = entry == Entry.TABLE ? node.child(index) : null;
            if (child == null) {
                return entry != Entry.NONE;
            }
            if (node.level() == to.level()) {
                return collapseSlot(node, index, child);
            }
            node = child;
        }
    }

    private boolean collapseSlot(PageTableNode node, int index, PageTableNode child) {
        if (child.collapsed() == Entry.NONE) {
            return false;
        }
        child.collapseTables(tree.count());
        node.replaceTable(index, child.collapsed(), tree.count());
        return true;
    }

    /**
     * Shows every leaf that overlaps {@code [start, end)}, in ascending order. Walkers and writers may go on meanwhile;
     * each leaf is seen as it is when it is reached.
     */
    public void forEach(long start, long end, EntryVisitor visitor) {
        long address = start;
        while (address < end) {
            PageTableNode node = tree.lowestNode(address);
            long span = 1L << node.spanShift();
            for (int index = node.index(address); index < PageTableNode.FANOUT && address < end; index++) {
                long entry = node.get(index);
                if ((entry & (Entry.TABLE | Entry.RETIRED)) != 0) {
                    break;
                }
                long leafStart = address & -span;
                if (entry != Entry.NONE && !visitor.visit(leafStart, node.leafSize(), entry)) {
                    return;
                }
                address = leafStart + span;
            }
        }
    }

    /** Tells whether no leaf, mapped or marker, overlaps the range. */
    public boolean isEmpty(long start, long end) {
        boolean[] found = new boolean[1];
        forEach(start, end, (address, size, entry) -> {
            found[0] = true;
            return false;
        });
        return !found[0];
    }

    /** Counts the base pages of the range that are mapped (present, or closed by PROT_NONE). */
    public long presentPages(long start, long end) {
        long[] pages = new long[1];
        forEach(start, end, (address, size, entry) -> {
            if (Entry.isMapped(entry)) {
                long from = Math.max(start, address);
                long to = Math.min(end, address + size.bytes());
                pages[0] += (to - from) >>> PageSize.BASE_SHIFT;
            }
            return true;
        });
        return pages[0];
    }

    /** Gives back the tables that lie wholly inside the range and hold no leaf. Only the range's writer calls it. */
    public void prune(long start, long end) {
        tree.prune(start, end);
    }

    /** Returns what the tables take on the heap, in bytes. */
    public long tableBytes() {
        return tree.count().bytes();
    }

    private static void requireLeaf(long address, PageSize size, long entry) {
        if (!size.isAligned(address)) {
            throw new IllegalArgumentException(PageTableTree.at(address) + "not a multiple of " + size);
        }
        if (entry != Entry.NONE && Entry.size(entry) != size) {
            throw new IllegalArgumentException(
                    PageTableTree.at(address) + Entry.describe(entry) + " is no leaf of " + size);
        }
    }
}
