package io.faultline.tlb;

import java.util.Objects;

import io.faultline.memory.Entry;

/**
 * One CPU's TLB: set-associative, tagged with address-space ids, holding translations of 4 KiB, 2 MiB and 1 GiB pages.
 *
 * <p>A hit reads two or so words of one array: no message, no allocation. A flush of everything bumps a generation that
 * every entry carries, so it costs the same however full the TLB is. The array starts empty and doubles while sets
 * overflow, up to the capacity, so a TLB that is never used costs an object header and a few fields.
 *
 * <p>An entry carries what the walker knew about the dirty bit. A write through an entry that was filled by a read
 * misses, so the CPU walks again and sets the bit in the page table, as x86 does; dirty information is never lost
 * (Intel SDM vol. 3A, 4.8 and 4.10.2.2).
 *
 * <p>Replacement is round-robin within a set, deterministic. Belongs to one CPU; not thread-safe.
 */
public final class Tlb {
    /** What a lookup answers when the CPU has to walk. */
    public static final long MISS = 0;

    /** The largest address-space id a TLB can tag an entry with. */
    public static final int ASID_MAX = (1 << TlbKey.ASID_BITS) - 1;

    private static final int WAYS = 4;
    private static final int WORDS_PER_SET = 2 * WAYS;
    private static final int SIZES = 3;
    private static final int NO_ASID = -1;
    private static final int SEVERAL_ASIDS = -2;

    /** Key 0 is no entry, value 0 is no translation: one set that nothing ever matches, shared by all unused TLBs. */
    private static final long[] EMPTY = new long[WORDS_PER_SET];

    /** 2^64 divided by the golden ratio: spreads neighbouring keys far apart (Knuth, TAOCP vol. 3, 6.4). */
    private static final long HASH_MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final int setsMax;
    private TlbObserver observer = TlbObserver.NONE;

    /** Per way a key and a {@link TlbEntry}, the ways of a set next to each other. */
    private long[] words = EMPTY;

    private int sets;
    private int generation = TlbEntry.GENERATION_FIRST;
    private int live;
    private int nextVictim;

    /** Bit i: pages of size index i may be held. Saves the probes for sizes that nobody uses. */
    private int sizesHeld;

    /** The one address space all live entries belong to, if it is one. */
    private int soleAsid = NO_ASID;

    /**
     * @param capacityEntries how many translations fit; rounded up to a power of two, at least {@value #WAYS}
     * @throws IllegalArgumentException when not positive or beyond 2^24
     */
    public Tlb(int capacityEntries) {
        if (capacityEntries < 1 || capacityEntries > 1 << 24) {
            throw new IllegalArgumentException("a TLB holds 1 to 16777216 entries, not " + capacityEntries);
        }
        setsMax = Math.max(1, Integer.highestOneBit(2 * capacityEntries - 1) / WAYS);
    }

    /**
     * Attaches the listener. Must be done before the first fill.
     *
     * @param listener hears of every translation entered and dropped
     */
    public void observer(TlbObserver listener) {
        if (live != 0) {
            throw new IllegalStateException("the TLB already holds " + live + " translations the observer missed");
        }
        observer = Objects.requireNonNull(listener);
    }

    /**
     * Looks a translation up.
     *
     * @param asid the address space the CPU runs in, 0 to {@link #ASID_MAX}
     * @param address below 2^52; need not be aligned
     * @param write whether the access writes
     * @return {@link #MISS}, or a {@link TlbEntry}; a write misses unless the entry is writable and known dirty
     */
    public long lookup(int asid, long address, boolean write) {
        long needed = write ? TlbEntry.WRITABLE | TlbEntry.DIRTY : 0;
        for (int rest = sizesHeld; rest != 0; rest &= rest - 1) {
            int way = find(TlbKey.of(asid, address, Integer.numberOfTrailingZeros(rest)));
            if (way >= 0) {
                long entry = words[way + 1];
                return (entry & needed) == needed ? entry : MISS;
            }
        }
        return MISS;
    }

    /**
     * Enters what a walk found, in place of an older translation of the same page if there is one.
     *
     * @param asid the address space the CPU runs in, 0 to {@link #ASID_MAX}
     * @param address below 2^52; need not be aligned
     * @param sizeIndex 0, 1, 2 for 4 KiB, 2 MiB, 1 GiB
     * @param frame the first 4 KiB frame of the page
     * @param writable the entry's permission
     * @param dirty whether the entry's dirty bit is known to be set; false for a fill by a read of a clean page
     * @return the {@link TlbEntry} that was entered
     */
    public long fill(int asid, long address, int sizeIndex, long frame, boolean writable, boolean dirty) {
        assert asid >= 0 && asid <= ASID_MAX : "asid " + asid;
        assert address >>> TlbKey.ADDRESS_BITS == 0 : "address 0x" + Long.toHexString(address);
        long key = TlbKey.of(asid, address, sizeIndex);
        long entry = TlbEntry.of(frame, sizeIndex, writable, dirty, generation);
        int way = find(key);
        if (way < 0) {
            way = makeRoom(key);
        }
        if (isLive(words[way + 1])) {
            drop(way);
        }
        words[way] = key;
        words[way + 1] = entry;
        live++;
        sizesHeld |= 1 << sizeIndex;
        soleAsid = soleAsid == NO_ASID || soleAsid == asid ? asid : SEVERAL_ASIDS;
        observer.filled(asid, TlbKey.pageStart(address, sizeIndex), sizeIndex, frame, writable && dirty);
        return entry;
    }

    /**
     * Enters a page-table entry as a walk left it: accessed, and dirty if that walk was for a write.
     *
     * @param asid the address space the CPU runs in, 0 to {@link #ASID_MAX}
     * @param address below 2^52; need not be aligned
     * @param entry a present {@link Entry}
     * @return the {@link TlbEntry} that was entered
     */
    public long fill(int asid, long address, long entry) {
        int sizeIndex = TlbKey.sizeIndexOfShift(Entry.size(entry).shift());
        return fill(asid, address, sizeIndex, Entry.frame(entry), Entry.isWritable(entry), Entry.isDirty(entry));
    }

    /**
     * Drops the translations that cover any byte of a range, of whatever size.
     *
     * @param asid whose
     * @param start the first byte
     * @param end the first byte after the range
     * @return how many were dropped
     */
    public int invalidate(int asid, long start, long end) {
        if (live == 0 || start >= end) {
            return 0;
        }
        int before = live;
        long probes = 0;
        for (int size = 0; size < SIZES; size++) {
            probes += ((end - 1) >>> TlbKey.shift(size)) - (start >>> TlbKey.shift(size)) + 1;
        }
        if (probes >= (long) sets * WAYS) {
            sweep(asid, start, end);
        } else {
            probe(asid, start, end);
        }
        return before - live;
    }

    /**
     * Drops every translation of one address space.
     *
     * @param asid whose
     * @return how many were dropped
     */
    public int flushSpace(int asid) {
        if (soleAsid == asid || live == 0) {
            return flushAll();
        }
        if (soleAsid != SEVERAL_ASIDS) {
            return 0;
        }
        int before = live;
        sweep(asid, 0, 1L << TlbKey.ADDRESS_BITS);
        return before - live;
    }

    /**
     * Drops everything.
     *
     * @return how many translations were dropped
     */
    public int flushAll() {
        int dropped = live;
        if (dropped == 0) {
            return 0;
        }
        if (observer != TlbObserver.NONE && !observer.allDropped()) {
            for (int way = 0; way < words.length; way += 2) {
                if (isLive(words[way + 1])) {
                    drop(way);
                }
            }
        }
        live = 0;
        sizesHeld = 0;
        soleAsid = NO_ASID;
        if (++generation > TlbEntry.GENERATION_MAX) {
            // Entries of the old round with the same number would come back to life.
            words = EMPTY;
            sets = 0;
            generation = TlbEntry.GENERATION_FIRST;
        }
        return dropped;
    }

    /** {@return how many translations are held: what a flush of everything would lose} */
    public int liveEntries() {
        return live;
    }

    /** {@return how many translations fit} */
    public int capacityEntries() {
        return setsMax * WAYS;
    }

    /** {@return the bytes that the array of entries takes at present} */
    public long arrayBytes() {
        return words == EMPTY ? 0 : (long) words.length * Long.BYTES;
    }

    private int find(long key) {
        long[] table = words;
        int base = setOf(key, table.length);
        for (int way = base; way < base + WORDS_PER_SET; way += 2) {
            if (table[way] == key && isLive(table[way + 1])) {
                return way;
            }
        }
        return -1;
    }

    /** Finds a way for a new key: an unused one, else one more doubling, else the next victim in turn. */
    private int makeRoom(long key) {
        while (true) {
            int way = freeWay(key);
            if (way >= 0) {
                return way;
            }
            if (sets == setsMax) {
                int victim = nextVictim++ & (WAYS - 1);
                return setOf(key, words.length) + 2 * victim;
            }
            grow();
        }
    }

    private int freeWay(long key) {
        if (sets == 0) {
            return -1;
        }
        int base = setOf(key, words.length);
        for (int way = base; way < base + WORDS_PER_SET; way += 2) {
            if (!isLive(words[way + 1])) {
                return way;
            }
        }
        return -1;
    }

    /** Doubling splits each set in two, so the live entries always fit. */
    private void grow() {
        long[] old = words;
        sets = Math.max(1, 2 * sets);
        words = new long[sets * WORDS_PER_SET];
        for (int way = 0; way < old.length; way += 2) {
            if (isLive(old[way + 1])) {
                int to = freeWay(old[way]);
                words[to] = old[way];
                words[to + 1] = old[way + 1];
            }
        }
    }

    private void probe(int asid, long start, long end) {
        for (int size = 0; size < SIZES; size++) {
            if ((sizesHeld & 1 << size) == 0) {
                continue;
            }
            for (long page = start >>> TlbKey.shift(size); page <= (end - 1) >>> TlbKey.shift(size); page++) {
                int way = find(TlbKey.of(asid, page << TlbKey.shift(size), size));
                if (way >= 0) {
                    drop(way);
                }
            }
        }
    }

    private void sweep(int asid, long start, long end) {
        for (int way = 0; way < words.length; way += 2) {
            long key = words[way];
            if (isLive(words[way + 1]) && TlbKey.asid(key) == asid) {
                long page = TlbKey.address(key);
                if (page < end && page + (1L << TlbKey.shift(TlbKey.sizeIndex(key))) > start) {
                    drop(way);
                }
            }
        }
    }

    private void drop(int way) {
        words[way + 1] = 0;
        live--;
        long key = words[way];
        observer.dropped(TlbKey.asid(key), TlbKey.address(key), TlbKey.sizeIndex(key));
    }

    private boolean isLive(long entry) {
        return TlbEntry.generation(entry) == generation;
    }

    /**
     * The index of the first word of the key's set. As many neighbouring pages as a set has ways share one, so that a walk
     * through memory finds its set in the CPU's cache three times out of four.
     */
    private static int setOf(long key, int words) {
        int sets = words / WORDS_PER_SET;
        long hash = TlbKey.neighbourhood(key) * HASH_MULTIPLIER;
        return (int) (hash >>> 1 >>> Long.numberOfLeadingZeros(sets)) * WORDS_PER_SET; // the topmost bits spread best
    }
}
