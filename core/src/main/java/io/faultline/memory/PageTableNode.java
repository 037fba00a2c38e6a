package io.faultline.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * One table of the radix tree: 512 entries, and beside them, above level 1, the tables they may point to.
 *
 * <p>
 * An entry with {@link Entry#TABLE} points to a table. The pointer is stored before the entry is released, and removed
 * after the entry has changed, so a walker that finds the entry but no pointer has lost a race and starts again.
 */
final class PageTableNode {
    static final int FANOUT = 512;
    private static final long ACCESSED_DIRTY = Entry.ACCESSED | Entry.DIRTY;
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(PageTableNode[].class);

    private final int level;
    private final long start;
    private final long[] entries = new long[FANOUT];
    private final @Nullable PageTableNode @Nullable [] children;

    /**
     * @param start
     *            the first address it translates
     */
    PageTableNode(int level, long start) {
        this.level = level;
        this.start = start;
        this.children = level == 1 ? null : new PageTableNode[FANOUT];
    }

    int level() {
        return level;
    }

    /** Returns the first address it translates. */
    long start() {
        return start;
    }

    private long startOf(int index) {
        return start + ((long) index << spanShift());
    }

    /** Returns log2 of the bytes one entry covers. */
    int spanShift() {
        return PageSize.BASE_SHIFT + 9 * (level - 1);
    }

    int index(long address) {
        return (int) (address >>> spanShift()) & (FANOUT - 1);
    }

    /** Returns the size of a leaf in this table; level 4 holds none. */
    PageSize leafSize() {
        return PageSize.ofCode(level - 1);
    }

    long get(int index) {
        return (long) ENTRY.getAcquire(entries, index);
    }

    boolean compareAndSet(int index, long expected, long entry) {
        return ENTRY.compareAndSet(entries, index, expected, entry);
    }

    @Nullable
    PageTableNode child(int index) {
        return children == null ? null : (PageTableNode) CHILD.getAcquire(children, index);
    }

    /** Returns the table in a slot of the caller's own range, where nobody else removes it. */
    PageTableNode childOrThrow(int index) {
        PageTableNode child = get(index) == Entry.TABLE ? child(index) : null;
        if (child == null) {
            throw new IllegalStateException("two writers: the table in a slot of level " + level + " is gone");
        }
        return child;
    }

    private void child(int index, @Nullable PageTableNode child) {
        assert children != null : "a level-1 table has no tables below it";
        CHILD.setRelease(children, index, child);
    }

    /**
     * Returns the table below an empty or table slot, made when it is missing. Writers of neighbouring ranges may race
     * here; both come out with the same table.
     *
     * @return null when a leaf is in the way
     */
    @Nullable
    PageTableNode childOrCreate(int index, TableCount count) {
        assert children != null : "a level-1 table has no tables below it";
        while (true) {
            long entry = get(index);
            PageTableNode child = child(index);
            if (entry == Entry.TABLE && child != null) {
                return child;
            }
            if (entry != Entry.NONE && entry != Entry.TABLE) {
                return null;
            }
            if (child == null) {
                PageTableNode fresh = new PageTableNode(level - 1, startOf(index));
                if (!CHILD.compareAndSet(children, index, null, fresh)) {
                    continue;
                }
                count.added(fresh);
            }
            compareAndSet(index, Entry.NONE, Entry.TABLE);
        }
    }

    /**
     * Replaces the leaf in the slot by a table of leaves one size smaller. A bit that a walker sets meanwhile is in
     * the new table afterwards: the exchange fails when the leaf has changed, and what was added is added below.
     */
    void shatter(int index, TableCount count) {
        PageTableNode table = new PageTableNode(level - 1, startOf(index));
        long leaf = get(index);
        PageSize pieceSize = table.leafSize();
        for (int i = 0; i < FANOUT; i++) {
            table.entries[i] = Entry.piece(leaf, pieceSize, i * pieceSize.basePages());
        }
        child(index, table);
        count.added(table);
        while (!compareAndSet(index, leaf, Entry.TABLE)) {
            long now = get(index);
            assert ((now ^ leaf) & ~ACCESSED_DIRTY) == 0 : "two writers: " + Entry.describe(leaf) + " became "
                    + Entry.describe(now) + " during a shatter";
            // A walker that held the slot's previous table may already mark this one, so bits are only ever added.
            for (int i = 0; i < FANOUT; i++) {
                ENTRY.getAndBitwiseOr(table.entries, i, now & ACCESSED_DIRTY);
            }
            leaf = now;
        }
    }

    /**
     * Replaces the table in the slot by one leaf (or by nothing). The leaf is visible first and no walker ever finds
     * a gap; then every entry of the old table is retired by an exchange, and bits that walkers set in it up to then
     * go to the leaf. A walker that still holds the old table finds it retired and starts again.
     */
    void replaceTable(int index, long leaf, TableCount count) {
        PageTableNode table = childOrThrow(index);
        boolean replaced = compareAndSet(index, Entry.TABLE, leaf);
        assert replaced : "two writers: the slot changed during a collapse";
        long late = table.retire(count);
        child(index, null);
        assert late == 0 || leaf != Entry.NONE : "a walker marked an empty table";
        ENTRY.getAndBitwiseOr(entries, index, late);
    }

    /** Retires this table and those below it, and returns the marks that were in its leaves. */
    private long retire(TableCount count) {
        long late = 0;
        for (int i = 0; i < FANOUT; i++) {
            long entry = (long) ENTRY.getAndSet(entries, i, Entry.RETIRED);
            PageTableNode child = entry == Entry.TABLE ? child(i) : null;
            late |= child == null ? entry : child.retire(count);
        }
        count.removed(this);
        return late & ACCESSED_DIRTY;
    }

    /** Tells whether no leaf is in this table or below it. */
    boolean isEmpty() {
        for (int i = 0; i < FANOUT; i++) {
            long entry = get(i);
            PageTableNode child = entry == Entry.TABLE ? child(i) : null;
            if (child != null ? !child.isEmpty() : entry != Entry.NONE) {
                return false;
            }
        }
        return true;
    }

    /** Returns the leaf that this table of equal, contiguous leaves can become, or none. */
    long collapsed() {
        PageSize leafSize = PageSize.ofCode(level);
        PageSize pieceSize = leafSize();
        long first = leafAt(0);
        if (first == Entry.NONE || ((Entry.isMapped(first) || Entry.isSwap(first))
                && !leafSize.isFrameAligned(Entry.frame(first)))) {
            return Entry.NONE;
        }
        long marks = 0;
        for (int i = 0; i < FANOUT; i++) {
            long leaf = leafAt(i);
            long wanted = Entry.piece(first, pieceSize, i * pieceSize.basePages());
            if (((leaf ^ wanted) & ~ACCESSED_DIRTY) != 0) {
                return Entry.NONE;
            }
            marks |= leaf & ACCESSED_DIRTY;
        }
        return Entry.resized(first, leafSize) | marks;
    }

    /** Returns the leaf in the slot, or the leaf that the table in the slot could become. */
    private long leafAt(int index) {
        long entry = get(index);
        PageTableNode child = entry == Entry.TABLE ? child(index) : null;
        return child == null ? entry : child.collapsed();
    }

    /** Collapses this table's own tables into leaves; all of them can be, as {@link #collapsed} found. */
    void collapseTables(TableCount count) {
        for (int i = 0; i < FANOUT; i++) {
            PageTableNode child = get(i) == Entry.TABLE ? child(i) : null;
            if (child != null) {
                replaceTable(i, child.collapsed(), count);
            }
        }
    }
}
