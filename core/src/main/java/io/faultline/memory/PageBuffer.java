package io.faultline.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The contents of some pages outside the guest: what a page source fills and what an install copies from. Holds off-heap
 * bytes or, for models too large for bytes, one 64-bit token per base page.
 *
 * <p>
 * Threading: none of its own; whoever holds the buffer hands it on. Slices share its contents.
 */
public final class PageBuffer {
    /** Page buffers that begin on a cache line keep 64-bit access aligned and copies fast. */
    private static final long ALIGNMENT_BYTES = 64;

    private final PageSize pageSize;
    private final int pages;
    private final @Nullable MemorySegment bytes;
    private final long @Nullable [] tokens;
    private final int firstToken;

    private PageBuffer(PageSize pageSize, int pages, @Nullable MemorySegment bytes, long @Nullable [] tokens,
            int firstToken) {
        this.pageSize = pageSize;
        this.pages = pages;
        this.bytes = bytes;
        this.tokens = tokens;
        this.firstToken = firstToken;
    }

    /**
     * Returns a zeroed buffer of bytes off heap, freed when it becomes unreachable.
     *
     * @throws IllegalArgumentException
     *             when pages is negative
     */
    public static PageBuffer bytes(PageSize size, int pages) {
        requireCount(pages);
        return of(Arena.ofAuto().allocate(size.bytes() * pages, ALIGNMENT_BYTES), size);
    }

    /**
     * Returns a buffer of zero tokens, one per base page.
     *
     * @throws IllegalArgumentException
     *             when pages is negative, or there would be more than 2^31 - 1 tokens
     */
    public static PageBuffer tokens(PageSize size, int pages) {
        requireCount(pages);
        long tokens = size.basePages() * pages;
        if (tokens > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(pages + " pages of " + size + " hold more than 2^31 - 1 tokens");
        }
        return new PageBuffer(size, pages, null, new long[(int) tokens], 0);
    }

    /**
     * Returns a buffer over the caller's memory, which must outlive it.
     *
     * @throws IllegalArgumentException
     *             when the segment is no whole number of pages
     */
    public static PageBuffer of(MemorySegment bytes, PageSize size) {
        if (!size.isAligned(bytes.byteSize())) {
            throw new IllegalArgumentException(
                    "a segment of " + bytes.byteSize() + " bytes is no whole number of pages of " + size);
        }
        return new PageBuffer(size, Math.toIntExact(bytes.byteSize() >>> size.shift()), bytes, null, 0);
    }

    /** Returns the size of its pages. */
    public PageSize pageSize() {
        return pageSize;
    }

    /** Returns how many pages it holds. */
    public int pages() {
        return pages;
    }

    /** Returns how many base pages it holds. */
    public long basePages() {
        return pages * pageSize.basePages();
    }

    /** Tells whether it holds tokens instead of bytes. */
    public boolean isTokens() {
        return tokens != null;
    }

    /**
     * Returns all its bytes.
     *
     * @throws IllegalStateException
     *             when it holds tokens
     */
    public MemorySegment bytes() {
        if (bytes == null) {
            throw new IllegalStateException("this buffer holds tokens, not bytes");
        }
        return bytes;
    }

    /**
     * Returns the token of a base page.
     *
     * @throws IllegalStateException
     *             when it holds bytes
     * @throws IndexOutOfBoundsException
     *             when there is no such base page
     */
    public long token(int basePage) {
        return tokensOrThrow()[tokenIndex(basePage)];
    }

    /** Sets the token of a base page; throws as {@link #token(int)}. */
    public void token(int basePage, long value) {
        tokensOrThrow()[tokenIndex(basePage)] = value;
    }

    private int tokenIndex(int basePage) {
        return firstToken + Objects.checkIndex(basePage, (int) basePages());
    }

    private long[] tokensOrThrow() {
        if (tokens == null) {
            throw new IllegalStateException("this buffer holds bytes, not tokens");
        }
        return tokens;
    }

    /**
     * Returns some of the pages; the slice shares their contents.
     *
     * @throws IndexOutOfBoundsException
     *             when there are no such pages
     */
    public PageBuffer slice(int firstPage, int pages) {
        Objects.checkFromIndexSize(firstPage, pages, this.pages);
        if (bytes != null) {
            return of(bytes.asSlice((long) firstPage << pageSize.shift(), (long) pages << pageSize.shift()), pageSize);
        }
        return new PageBuffer(pageSize, pages, null, tokens, firstToken + (int) (firstPage * pageSize.basePages()));
    }

    /**
     * Returns the same contents seen as pages of another size.
     *
     * @throws IllegalArgumentException
     *             when they are no whole number of such pages
     */
    public PageBuffer as(PageSize size) {
        if (bytes != null) {
            return of(bytes, size);
        }
        if (basePages() % size.basePages() != 0) {
            throw new IllegalArgumentException(basePages() + " tokens are no whole number of pages of " + size);
        }
        return new PageBuffer(size, (int) (basePages() / size.basePages()), null, tokens, firstToken);
    }

    private static void requireCount(int pages) {
        if (pages < 0) {
            throw new IllegalArgumentException("a buffer of " + pages + " pages");
        }
    }
}
