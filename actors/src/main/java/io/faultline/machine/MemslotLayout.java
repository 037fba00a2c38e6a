package io.faultline.machine;

import java.util.Objects;

/**
 * How a machine's pages are dealt to its memslots: contiguous shares in order, as even as whole pages allow, so that the
 * first {@code pages % memslots} memslots hold one page more than the rest.
 *
 * @param pages the machine's pages, at least one for each memslot
 * @param memslots how many memslots share them, at least one
 */
public record MemslotLayout(long pages, int memslots) {
    /** Refuses layouts with an empty memslot. */
    public MemslotLayout {
        if (memslots < 1 || pages < memslots) {
            throw new IllegalArgumentException(
                    "cannot deal " + pages + " pages to " + memslots + " memslots: each needs at least one page");
        }
    }

    /** The first page of a memslot, counted from guest-physical address 0. */
    public long firstPage(int memslot) {
        Objects.checkIndex(memslot, memslots);
        return memslot * (pages / memslots) + Math.min(memslot, pages % memslots);
    }

    /** How many pages a memslot holds. */
    public long pagesOf(int memslot) {
        Objects.checkIndex(memslot, memslots);
        return pages / memslots + (memslot < pages % memslots ? 1 : 0);
    }

    /** The memslot that holds a page. */
    public int memslotOf(long page) {
        Objects.checkIndex(page, pages);
        long share = pages / memslots;
        long larger = pages % memslots;
        long pagesInLarger = larger * (share + 1);
        return (int) (page < pagesInLarger ? page / (share + 1) : larger + (page - pagesInLarger) / share);
    }
}
