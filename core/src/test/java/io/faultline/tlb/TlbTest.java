package io.faultline.tlb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlbTest {
    private static final int ASID = 3;
    private static final long ADDRESS = 0x7f12_4000_0000L;

    private final Tlb tlb = new Tlb(64);

    @Test
    void shouldMissWhenEmpty() {
        assertThat(tlb.lookup(ASID, ADDRESS, false)).isEqualTo(Tlb.MISS);
        assertThat(tlb.liveEntries()).isZero();
    }

    @ParameterizedTest
    @EnumSource(PageSize.class)
    void shouldTranslateEveryByteOfAPageOfAnySize(PageSize size) {
        tlb.fill(ASID, ADDRESS, Entry.of(1L << 20, size, Entry.WRITABLE | Entry.DIRTY));
        long last = ADDRESS + size.bytes() - 1;
        long entry = tlb.lookup(ASID, last, true);
        assertThat(entry).isNotEqualTo(Tlb.MISS);
        assertThat(TlbEntry.frame(entry)).isEqualTo(1L << 20);
        assertThat(TlbEntry.frameAt(entry, last)).isEqualTo((1L << 20) + size.basePages() - 1);
        assertThat(shift(TlbEntry.sizeIndex(entry))).isEqualTo(size.shift());
        assertThat(tlb.lookup(ASID, last + 1, false)).isEqualTo(Tlb.MISS);
        assertThat(tlb.lookup(ASID, ADDRESS - 1, false)).isEqualTo(Tlb.MISS);
    }

    @Test
    void shouldHoldTheHighestFrameAndAddress() {
        long frame = (1L << 40) - 1;
        long address = (1L << 52) - 1;
        tlb.fill(Tlb.ASID_MAX, address, 0, frame, true, true);
        assertThat(TlbEntry.frame(tlb.lookup(Tlb.ASID_MAX, address, true))).isEqualTo(frame);
    }

    @Test
    void shouldWalkAgainWhenAWriteHitsAnEntryNotKnownDirty() {
        tlb.fill(ASID, ADDRESS, 0, 7, true, false);
        assertThat(TlbEntry.isWritable(tlb.lookup(ASID, ADDRESS, false))).isTrue();
        assertThat(TlbEntry.isDirty(tlb.lookup(ASID, ADDRESS, false))).isFalse();
        assertThat(tlb.lookup(ASID, ADDRESS, true)).isEqualTo(Tlb.MISS);

        tlb.fill(ASID, ADDRESS, 0, 7, true, true);
        assertThat(tlb.lookup(ASID, ADDRESS, true)).isNotEqualTo(Tlb.MISS);
        assertThat(tlb.liveEntries()).as("the new entry replaces the old").isEqualTo(1);
    }

    @Test
    void shouldNotLetWritesThroughAReadOnlyEntry() {
        tlb.fill(ASID, ADDRESS, 0, 7, false, true);
        assertThat(tlb.lookup(ASID, ADDRESS, true)).isEqualTo(Tlb.MISS);
        assertThat(tlb.lookup(ASID, ADDRESS, false)).isNotEqualTo(Tlb.MISS);
    }

    @Test
    void shouldKeepAddressSpacesApart() {
        tlb.fill(1, ADDRESS, 0, 11, true, true);
        tlb.fill(2, ADDRESS, 0, 22, true, true);
        assertThat(TlbEntry.frame(tlb.lookup(1, ADDRESS, false))).isEqualTo(11);
        assertThat(TlbEntry.frame(tlb.lookup(2, ADDRESS, false))).isEqualTo(22);
        assertThat(tlb.flushSpace(1)).isEqualTo(1);
        assertThat(tlb.lookup(1, ADDRESS, false)).isEqualTo(Tlb.MISS);
        assertThat(tlb.lookup(2, ADDRESS, false)).isNotEqualTo(Tlb.MISS);
        assertThat(tlb.flushSpace(3)).isZero();
        assertThat(tlb.liveEntries()).isEqualTo(1);
    }

    @Test
    void shouldDropOnlyTheRangeWhicheverWayItIsSearched() {
        for (long pages : new long[]{1, 2, 5, 40, 1L << 20}) {
            var fresh = new Tlb(64);
            for (int page = 0; page < 32; page++) {
                fresh.fill(ASID, ADDRESS + page * 4096L, 0, page, true, true);
            }
            long covered = Math.min(pages, 31);
            assertThat(fresh.invalidate(ASID, ADDRESS + 4096, ADDRESS + 4096 + pages * 4096)).isEqualTo((int) covered);
            assertThat(fresh.lookup(ASID, ADDRESS, false)).isNotEqualTo(Tlb.MISS);
            assertThat(fresh.lookup(ASID, ADDRESS + 4096, false)).isEqualTo(Tlb.MISS);
            assertThat(fresh.liveEntries()).isEqualTo(32 - (int) covered);
            assertThat(fresh.invalidate(ASID + 1, ADDRESS, ADDRESS + 4096)).isZero();
        }
    }

    @Test
    void shouldDropALargePageOfWhichOneByteIsInvalidated() {
        tlb.fill(ASID, ADDRESS, 1, 512, true, true);
        assertThat(tlb.invalidate(ASID, ADDRESS + 0x12345, ADDRESS + 0x12346)).isEqualTo(1);
        assertThat(tlb.lookup(ASID, ADDRESS, false)).isEqualTo(Tlb.MISS);
    }

    @Test
    void shouldDropEverythingByAGenerationThatSurvivesItsOwnEnd() {
        for (int round = 0; round < TlbEntry.GENERATION_MAX + 10; round++) {
            tlb.fill(ASID, ADDRESS, 0, round, true, true);
            assertThat(tlb.flushAll()).isEqualTo(1);
            if (tlb.lookup(ASID, ADDRESS, false) != Tlb.MISS) {
                throw new AssertionError("an entry came back to life in round " + round);
            }
        }
        assertThat(tlb.liveEntries()).isZero();
    }

    @Test
    void shouldStartWithoutArraysAndGrowToItsCapacityOnly() {
        var large = new Tlb(1536);
        assertThat(large.capacityEntries()).isEqualTo(2048);
        assertThat(large.arrayBytes()).isZero();
        large.fill(ASID, ADDRESS, 0, 1, true, true);
        assertThat(large.arrayBytes()).isEqualTo(64);
        for (int page = 0; page < 100_000; page++) {
            large.fill(ASID, ADDRESS + page * 4096L, 0, page, true, true);
        }
        assertThat(large.arrayBytes()).isEqualTo(2048 * 16);
        assertThat(large.liveEntries()).isBetween(1900, 2048);
    }

    @Test
    void shouldRefuseASenselessCapacity() {
        assertThatThrownBy(() -> new Tlb(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not 0");
    }

    @Test
    void shouldRefuseAnObserverThatMissedFills() {
        tlb.fill(ASID, ADDRESS, 0, 1, true, true);
        assertThatThrownBy(() -> tlb.observer(TlbObserver.NONE)).isInstanceOf(IllegalStateException.class);
    }

    /** The TLB may forget, but never answer what was not filled, or was dropped; and its observer knows all it holds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAModelUnderRandomUse(long seed) {
        var random = new SplitMix(seed);
        Map<List<Long>, Long> model = new HashMap<>();
        Map<List<Long>, Long> observed = new HashMap<>();
        var small = new Tlb(16);
        small.observer(new Mirror(observed));
        for (int step = 0; step < 20_000; step++) {
            int asid = random.nextInt(3);
            int size = random.nextInt(3);
            long address = (long) random.nextInt(6) << shift(size);
            switch (random.nextInt(20)) {
                case 0 -> {
                    small.flushAll();
                    model.clear();
                }
                case 1 -> {
                    small.flushSpace(asid);
                    model.keySet().removeIf(key -> key.get(0) == asid);
                }
                case 2, 3 -> {
                    long end = address + ((long) random.nextInt(20) << 12);
                    small.invalidate(asid, address, end);
                    model.keySet()
                            .removeIf(key -> key.get(0) == asid && key.get(1) < end
                                    && key.get(1) + (1L << shift(key.get(2).intValue())) > address && address < end);
                }
                default -> {
                    small.fill(asid, address, size, step, true, true);
                    model.put(key(asid, address, size), (long) step);
                }
            }
            assertThat(model).as("seed %d, step %d", seed, step).containsAllEntriesOf(observed);
            assertThat(small.liveEntries()).as("seed %d, step %d", seed, step).isEqualTo(observed.size());
            long entry = small.lookup(asid, address, true);
            if (entry != Tlb.MISS) {
                int found = TlbEntry.sizeIndex(entry);
                long page = address >>> shift(found) << shift(found);
                assertThat(TlbEntry.frame(entry)).as("seed %d, step %d", seed, step)
                        .isEqualTo(model.get(key(asid, page, found)));
            }
        }
    }

    private static int shift(int sizeIndex) {
        return 12 + 9 * sizeIndex;
    }

    private static List<Long> key(int asid, long address, int size) {
        return List.of((long) asid, address, (long) size);
    }

    private record Mirror(Map<List<Long>, Long> held) implements TlbObserver {
        @Override
        public void filled(int asid, long address, int sizeIndex, long frame, boolean writable) {
            assertThat(held.put(key(asid, address, sizeIndex), frame)).as("filled twice").isNull();
        }

        @Override
        public void dropped(int asid, long address, int sizeIndex) {
            assertThat(held.remove(key(asid, address, sizeIndex))).as("dropped what it never held").isNotNull();
        }
    }
}
