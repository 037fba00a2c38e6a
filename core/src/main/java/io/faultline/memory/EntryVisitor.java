package io.faultline.memory;

/** Sees the leaves of a page table in ascending order of address. */
@FunctionalInterface
public interface EntryVisitor {
    /**
     * Sees one leaf, mapped or marker; never an empty one. It may change the leaf in the table.
     *
     * @param address
     *            the leaf's first byte; below the start asked for when a large leaf reaches into the range
     * @return false to see no more
     */
    boolean visit(long address, PageSize size, long entry);
}
