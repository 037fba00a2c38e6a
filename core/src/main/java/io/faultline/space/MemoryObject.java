package io.faultline.space;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;

/**
 * What a mapping maps: anonymous memory, or shared memory or huge pages with a page cache. Mapped twice, it is an alias
 * mapping: both show the page cache's frames.
 *
 * <p>
 * The cache owns one reference to each of its frames: {@link #insert} takes the caller's over, {@link #remove} hands it
 * to the caller. Pages and offsets are counted in the object's own page size. A frame that goes into the cache is no
 * longer exclusive; the inserter tells the frame pool.
 *
 * <p>
 * Threading: look-ups take no lock; inserts may race, and one wins.
 */
public final class MemoryObject {
    /** The kinds of memory. */
    public enum Kind {
        /** Private memory without a page cache. */
        ANON,
        /** Shared memory (memfd, tmpfs). */
        SHMEM,
        /** Huge pages from hugetlbfs. */
        HUGETLB
    }

    private final Kind kind;
    private final PageSize pageSize;
    private final long bytes;
    /** The page cache: the same radix tree as a page table, by byte offset. */
    private final PageTable cache = new PageTable();

    private MemoryObject(Kind kind, PageSize pageSize, long bytes) {
        if (bytes <= 0 || !pageSize.isAligned(bytes) || bytes > 1L << PageTable.ADDRESS_BITS) {
            throw new IllegalArgumentException("a memory object of " + bytes
                    + " bytes; it must be a positive multiple of " + pageSize + ", at most 256 TiB");
        }
        this.kind = kind;
        this.pageSize = pageSize;
        this.bytes = bytes;
    }

    /**
     * Returns anonymous memory whose leaves are at least the given size.
     *
     * @throws IllegalArgumentException
     *             unless bytes is a positive multiple of the page size and at most 256 TiB
     */
    public static MemoryObject anon(PageSize pageSize, long bytes) {
        return new MemoryObject(Kind.ANON, pageSize, bytes);
    }

    /** Returns shared memory in base pages; throws as {@link #anon}. */
    public static MemoryObject shmem(long bytes) {
        return new MemoryObject(Kind.SHMEM, PageSize.SIZE_4K, bytes);
    }

    /**
     * Returns huge pages of 2 MiB or 1 GiB; throws as {@link #anon}, and for a page size of 4 KiB.
     */
    public static MemoryObject hugetlb(PageSize pageSize, long bytes) {
        if (pageSize == PageSize.SIZE_4K) {
            throw new IllegalArgumentException("huge pages of 4KiB; they are 2MiB or 1GiB");
        }
        return new MemoryObject(Kind.HUGETLB, pageSize, bytes);
    }

    /** Returns its kind. */
    public Kind kind() {
        return kind;
    }

    /** Returns the size of its pages. */
    public PageSize pageSize() {
        return pageSize;
    }

    /** Returns its length in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Returns its length in pages. */
    public long pages() {
        return bytes >>> pageSize.shift();
    }

    /** Returns the first frame of the page in the cache; -1 when it is not there, poisoned, or beyond the end. */
    public long cached(long pageIndex) {
        long entry = entry(pageIndex);
        return Entry.isPresent(entry) ? Entry.frame(entry) : -1;
    }

    /** Tells whether the cached page is poisoned. */
    public boolean isPoisoned(long pageIndex) {
        return Entry.isPoison(entry(pageIndex));
    }

    private long entry(long pageIndex) {
        return pageIndex < 0 || pageIndex >= pages() ? Entry.NONE : cache.walk(pageIndex << pageSize.shift());
    }

    /**
     * Puts a page into the cache.
     *
     * @return false when one is there already, poisoned or not; the caller keeps its reference then
     * @throws IllegalStateException
     *             for anonymous memory
     * @throws IndexOutOfBoundsException
     *             beyond the end
     */
    public boolean insert(long pageIndex, long frame) {
        return put(pageIndex, Entry.of(frame, pageSize, 0));
    }

    /** Marks a page that is not in the cache as poisoned; returns and throws as {@link #insert}. */
    public boolean poison(long pageIndex) {
        return put(pageIndex, Entry.poison(pageSize));
    }

    private boolean put(long pageIndex, long entry) {
        if (kind == Kind.ANON) {
            throw new IllegalStateException("anonymous memory has no page cache");
        }
        return cache.compareAndSet(offset(pageIndex), pageSize, Entry.NONE, entry);
    }

    /**
     * Takes a page, or its poison, out of the cache.
     *
     * @return the frame, whose reference is the caller's now; -1 when there was none
     */
    public long remove(long pageIndex) {
        long entry = cache.exchange(offset(pageIndex), pageSize, Entry.NONE);
        return Entry.isPresent(entry) ? Entry.frame(entry) : -1;
    }

    private long offset(long pageIndex) {
        if (pageIndex < 0 || pageIndex >= pages()) {
            throw new IndexOutOfBoundsException("page " + pageIndex + " of an object of " + pages() + " pages");
        }
        return pageIndex << pageSize.shift();
    }

    /** Returns how many base pages are in the cache. */
    public long cachedBasePages() {
        return cache.presentPages(0, bytes);
    }

    @Override
    public String toString() {
        return kind + "@" + pageSize + "x" + pages();
    }
}
