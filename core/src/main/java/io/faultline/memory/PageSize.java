package io.faultline.memory;

/** The three leaf sizes of an x86-64 page table. A base page is 4 KiB and is one frame. */
public enum PageSize {
    /** A base page: one frame. */
    SIZE_4K(12, "4KiB"),
    /** A large page: 512 frames. */
    SIZE_2M(21, "2MiB"),
    /** A gigantic page: 262 144 frames. */
    SIZE_1G(30, "1GiB");

    /** log2 of the base page in bytes. */
    public static final int BASE_SHIFT = 12;
    /** Bytes of a base page. */
    public static final long BASE_BYTES = 1L << BASE_SHIFT;

    private static final PageSize[] BY_CODE = values();

    private final int shift;
    private final String text;

    PageSize(int shift, String text) {
        this.shift = shift;
        this.text = text;
    }

    /** Returns log2 of the size in bytes. */
    public int shift() {
        return shift;
    }

    /** Returns the size in bytes. */
    public long bytes() {
        return 1L << shift;
    }

    /** Returns how many base pages, and so frames, one page holds: 1, 512 or 262 144. */
    public long basePages() {
        return 1L << (shift - BASE_SHIFT);
    }

    /** Returns the start of the page of this size that holds the byte address. */
    public long alignDown(long address) {
        return address & -bytes();
    }

    /** Returns the first page boundary at or above the byte address. */
    public long alignUp(long address) {
        return alignDown(address + bytes() - 1);
    }

    /** Tells whether a byte address or byte count is a multiple of this size. */
    public boolean isAligned(long addressOrBytes) {
        return (addressOrBytes & (bytes() - 1)) == 0;
    }

    /** Tells whether a frame number can be the first frame of a page of this size. */
    public boolean isFrameAligned(long frame) {
        return (frame & (basePages() - 1)) == 0;
    }

    /**
     * Returns the next smaller size.
     *
     * @throws IllegalStateException
     *             for 4 KiB
     */
    public PageSize smaller() {
        if (this == SIZE_4K) {
            throw new IllegalStateException("no page is smaller than 4KiB");
        }
        return BY_CODE[code() - 1];
    }

    /** Returns the number that stands for the size in an {@link Entry}: 0, 1 or 2. */
    int code() {
        return (shift - BASE_SHIFT) / 9;
    }

    /** Returns the level of the tables that hold leaves of this size: 1, 2 or 3. */
    int level() {
        return code() + 1;
    }

    /** Returns the size with that {@link #code}. */
    static PageSize ofCode(int code) {
        return BY_CODE[code];
    }

    /**
     * Returns the largest size to which both the address and the number of bytes from it allow a page.
     *
     * @param address
     *            start of the room, a multiple of 4 KiB
     * @param bytes
     *            the room, at least 4 KiB
     */
    public static PageSize largestFitting(long address, long bytes) {
        for (int code = BY_CODE.length - 1; code > 0; code--) {
            PageSize size = BY_CODE[code];
            if (size.isAligned(address) && bytes >= size.bytes()) {
                return size;
            }
        }
        return SIZE_4K;
    }

    /**
     * Reads {@code 4KiB}, {@code 2MiB} or {@code 1GiB}.
     *
     * @throws IllegalArgumentException
     *             for anything else
     */
    public static PageSize parse(String text) {
        for (PageSize size : BY_CODE) {
            if (size.text.equals(text)) {
                return size;
            }
        }
        throw new IllegalArgumentException("page size '" + text + "' is none of 4KiB, 2MiB, 1GiB");
    }

    @Override
    public String toString() {
        return text;
    }
}
