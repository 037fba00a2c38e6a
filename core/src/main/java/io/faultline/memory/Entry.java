package io.faultline.memory;

/**
 * The 64-bit page-table entry, as static helpers over a {@code long}; 0 is "none".
 *
 * <p>
 * An entry is either <em>mapped</em> (present, or kept from the hardware by PROT_NONE: it names a frame and owns one
 * reference to each frame of its page) or a <em>marker</em> (poison, swap, absent, or write-protection of a page that
 * is not there) or none. The leaf's size is in the entry. UFFD_WP stands beside WRITABLE, never with it: as in the
 * kernel, userfault write protection takes the hardware's write permission away, so that a walker looks at WRITABLE
 * alone. A swap entry carries UFFD_WP and exclusivity with it, so that neither is lost while the page is away.
 *
 * <pre>
 * bit 0 PRESENT  1 WRITABLE  2 ACCESSED  3 DIRTY  4 UFFD_WP  5 POISON  6 SWAP  7 ABSENT
 * bits 8-9 leaf size  10 PROT_NONE  11 EXCLUSIVE (swap only)  bits 12-51 frame, swap slot, or the absent mark's ticket
 * bit 52 UNCACHED  bits 62-63 the page table's own
 * </pre>
 */
public final class Entry {
    /** No entry. */
    public static final long NONE = 0;
    /** The hardware may use it. */
    public static final long PRESENT = 1;
    /** The hardware may write through it. */
    public static final long WRITABLE = 1 << 1;
    /** A walker has used it. */
    public static final long ACCESSED = 1 << 2;
    /** A walker has written through it. */
    public static final long DIRTY = 1 << 3;
    /** Write-protected through userfaultfd; alone, a marker on a page that is not there. */
    public static final long UFFD_WP = 1 << 4;
    /** A marker: touching the page is an error (SIGBUS). */
    public static final long POISON = 1 << 5;
    /** A marker: the page is in the swap slot that the frame bits name. */
    public static final long SWAP = 1 << 6;
    /** A marker: the magic entry of the 2012 protocol, "ask user space"; the frame bits may hold a ticket. */
    public static final long ABSENT = 1 << 7;
    /** Mapped, yet closed to the hardware (mprotect with PROT_NONE). */
    public static final long PROT_NONE = 1 << 10;
    /** In a swap entry: the page was exclusive to its address space. */
    public static final long EXCLUSIVE = 1 << 11;

    /**
     * Software's, in a present entry: whoever took ACCESSED away last has all CPUs flush the page, so that none holds it
     * unless ACCESSED says so again. Whoever takes ACCESSED away without a flush takes this too.
     */
    public static final long UNCACHED = 1L << 52;

    /** Inner: the slot points to a table. */
    static final long TABLE = 1L << 62;
    /** Inner: the table this slot is in is no longer part of the tree; walkers start again. */
    static final long RETIRED = 1L << 63;

    /** How many bits a frame number may have. */
    public static final int FRAME_BITS = 40;

    private static final int SIZE_SHIFT = 8;
    private static final long SIZE_MASK = 3L << SIZE_SHIFT;
    private static final int FRAME_SHIFT = 12;
    private static final long FRAME_MASK = ((1L << FRAME_BITS) - 1) << FRAME_SHIFT;

    private Entry() {}

    /**
     * Returns a present entry.
     *
     * @param frame
     *            first frame of the page, aligned to its size
     * @param flags
     *            any of WRITABLE, ACCESSED, DIRTY, UFFD_WP; not WRITABLE with UFFD_WP
     */
    public static long of(long frame, PageSize size, long flags) {
        assert (flags & ~(WRITABLE | ACCESSED | DIRTY | UFFD_WP)) == 0 : "flags " + Long.toHexString(flags);
        assert (flags & (WRITABLE | UFFD_WP)) != (WRITABLE | UFFD_WP) : "writable and write-protected";
        assert size.isFrameAligned(frame) : "frame " + frame + " cannot start a page of " + size;
        return PRESENT | flags | withPayload(frame) | sizeBits(size);
    }

    /** Returns a poison marker over a page of the given size. */
    public static long poison(PageSize size) {
        return POISON | sizeBits(size);
    }

    /** Returns a marker that write-protects a page which is not there (WP_UNPOPULATED, and file mappings after a zap). */
    public static long uffdWpMarker(PageSize size) {
        return UFFD_WP | sizeBits(size);
    }

    /**
     * Returns a swap entry.
     *
     * @param slot
     *            the swap slot of the page's first base page, below 2^40
     * @param flags
     *            any of UFFD_WP, EXCLUSIVE
     */
    public static long swap(long slot, PageSize size, long flags) {
        assert (flags & ~(UFFD_WP | EXCLUSIVE)) == 0 : "flags " + Long.toHexString(flags);
        return SWAP | flags | withPayload(slot) | sizeBits(size);
    }

    /**
     * Returns the magic entry of the 2012 protocol.
     *
     * @param ticket
     *            a number of the caller's, below 2^40
     */
    public static long absent(long ticket, PageSize size) {
        return ABSENT | withPayload(ticket) | sizeBits(size);
    }

    private static long sizeBits(PageSize size) {
        return (long) size.code() << SIZE_SHIFT;
    }

    private static long withPayload(long number) {
        assert number >>> FRAME_BITS == 0 : "number " + number + " has more than " + FRAME_BITS + " bits";
        return number << FRAME_SHIFT;
    }

    /** Tells whether the hardware may use the entry. */
    public static boolean isPresent(long entry) {
        return (entry & PRESENT) != 0;
    }

    /** Tells whether the entry names a frame and owns a reference to it: present, or closed by PROT_NONE. */
    public static boolean isMapped(long entry) {
        return (entry & (PRESENT | PROT_NONE)) != 0;
    }

    /** Tells whether the hardware may write through the entry. */
    public static boolean isWritable(long entry) {
        return (entry & (PRESENT | WRITABLE)) == (PRESENT | WRITABLE);
    }

    /** Tells whether a walker used the entry. */
    public static boolean isAccessed(long entry) {
        return (entry & ACCESSED) != 0;
    }

    /** Tells whether a TLB may hold the entry: a walker used it since all CPUs were last known to hold it no more. */
    public static boolean mayBeCached(long entry) {
        return (entry & (ACCESSED | UNCACHED)) != UNCACHED;
    }

    /** Tells whether a walker wrote through the entry. */
    public static boolean isDirty(long entry) {
        return (entry & DIRTY) != 0;
    }

    /** Tells whether the page is write-protected through userfaultfd, be it mapped, in swap, or not there. */
    public static boolean isUffdWp(long entry) {
        return (entry & UFFD_WP) != 0;
    }

    /** Tells whether the entry is a poison marker. */
    public static boolean isPoison(long entry) {
        return (entry & POISON) != 0;
    }

    /** Tells whether the page is in swap. */
    public static boolean isSwap(long entry) {
        return (entry & SWAP) != 0;
    }

    /** Tells whether this is the 2012 protocol's magic entry. */
    public static boolean isAbsent(long entry) {
        return (entry & ABSENT) != 0;
    }

    /** Tells whether the entry is something, yet maps nothing: poison, swap, absent, or write protection alone. */
    public static boolean isMarker(long entry) {
        return entry != NONE && !isMapped(entry);
    }

    /** Tells whether the entry is write protection of a page that is not there, and nothing else. */
    public static boolean isUffdWpMarker(long entry) {
        return isMarker(entry) && (entry & (UFFD_WP | POISON | SWAP | ABSENT)) == UFFD_WP;
    }

    /** Returns the first frame of the mapped page. */
    public static long frame(long entry) {
        return (entry & FRAME_MASK) >>> FRAME_SHIFT;
    }

    /** Returns the frame of the base page that holds the address, inside a leaf of any size. */
    public static long frameAt(long entry, long address) {
        return frame(entry) + ((address >>> PageSize.BASE_SHIFT) & (size(entry).basePages() - 1));
    }

    /** Returns the swap slot of the first base page. */
    public static long swapSlot(long entry) {
        return frame(entry);
    }

    /** Returns the number kept in an absent mark. */
    public static long ticket(long entry) {
        return frame(entry);
    }

    /** Returns the leaf's size; 4 KiB for none. */
    public static PageSize size(long entry) {
        return PageSize.ofCode((int) ((entry & SIZE_MASK) >>> SIZE_SHIFT));
    }

    /** Returns the entry with the bits set. */
    public static long with(long entry, long bits) {
        return entry | bits;
    }

    /** Returns the entry without the bits. */
    public static long without(long entry, long bits) {
        return entry & ~bits;
    }

    /**
     * Returns the piece of a leaf that a smaller leaf inside it would be, with all its flags.
     *
     * @param firstBasePage
     *            where the piece begins inside the leaf, in base pages
     */
    static long piece(long entry, PageSize to, long firstBasePage) {
        long numbered = isMapped(entry) || isSwap(entry) ? entry + (firstBasePage << FRAME_SHIFT) : entry;
        return (numbered & ~SIZE_MASK) | sizeBits(to);
    }

    /** Returns the entry as a leaf of another size that begins at the same frame. */
    static long resized(long entry, PageSize to) {
        return piece(entry, to, 0);
    }

    /** Describes an entry for people: {@code present rw accessed dirty 2MiB frame 512}. */
    public static String describe(long entry) {
        if (entry == NONE) {
            return "none";
        }
        StringBuilder text = new StringBuilder();
        append(text, isPresent(entry), isWritable(entry) ? "present rw" : "present ro");
        append(text, (entry & PROT_NONE) != 0, "prot-none");
        append(text, isPoison(entry), "poison");
        append(text, isSwap(entry), "swap");
        append(text, isAbsent(entry), "absent");
        append(text, isAccessed(entry), "accessed");
        append(text, isDirty(entry), "dirty");
        append(text, isUffdWp(entry), "uffd-wp");
        append(text, (entry & EXCLUSIVE) != 0, "exclusive");
        append(text, (entry & TABLE) != 0, "table");
        append(text, (entry & RETIRED) != 0, "retired");
        append(text, true, size(entry).toString());
        append(text, isMapped(entry), "frame " + frame(entry));
        append(text, isSwap(entry), "slot " + swapSlot(entry));
        append(text, isAbsent(entry), "ticket " + ticket(entry));
        return text.toString();
    }

    private static void append(StringBuilder text, boolean condition, String word) {
        if (condition) {
            text.append(text.isEmpty() ? "" : " ").append(word);
        }
    }
}
