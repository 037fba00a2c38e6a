package io.faultline.ring;

import io.faultline.memory.PageSize;

/**
 * The pages of one memslot under their three names: the machine's page number (guest-physical address divided by the
 * page size), the index within the memslot, and the host-virtual address.
 *
 * @param memslot
 *            the memslot's index
 * @param firstPage
 *            the machine's number of its first page
 * @param pages
 *            how many it has
 * @param hvaStart
 *            where it begins in host-virtual memory
 * @param pageSize
 *            of the machine
 */
public record MemslotPages(int memslot, long firstPage, int pages, long hvaStart, PageSize pageSize) {
    public MemslotPages {
        assert pages > 0 && pageSize.isAligned(hvaStart) : pages + " pages at 0x" + Long.toHexString(hvaStart);
    }

    /** The first host-virtual address behind it. */
    public long hvaEnd() {
        return hvaStart + pages * pageSize.bytes();
    }

    public long gpaStart() {
        return firstPage << pageSize.shift();
    }

    public long bytes() {
        return pages * pageSize.bytes();
    }

    /** Index within the memslot of the page that holds a host-virtual address. */
    public int indexOfHva(long address) {
        assert address >= hvaStart && address < hvaEnd() : "0x" + Long.toHexString(address) + " is outside " + this;
        return (int) ((address - hvaStart) >>> pageSize.shift());
    }

    /** Index within the memslot of a page of the machine. */
    public int indexOf(long page) {
        assert page >= firstPage && page < firstPage + pages : "page " + page + " is outside " + this;
        return (int) (page - firstPage);
    }

    /** The machine's number of a page of this memslot. */
    public long pageAt(int index) {
        return firstPage + index;
    }

    /** The host-virtual address of a page of this memslot. */
    public long hvaOf(int index) {
        return hvaStart + ((long) index << pageSize.shift());
    }

    /** The host-virtual address of a page of the machine. */
    public long hvaOfPage(long page) {
        return hvaOf(indexOf(page));
    }

    /** An empty batch for this memslot's pages. */
    public PageBatch newBatch(int capacity) {
        return new PageBatch(memslot, capacity);
    }

    /** The guest-physical address of a page of the machine. */
    public long gpaOfPage(long page) {
        return page << pageSize.shift();
    }
}
