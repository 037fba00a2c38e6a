package io.faultline.memslot;

import static io.faultline.memslot.Guest.GPA;
import static io.faultline.memslot.Guest.HVA;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MappingChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults on the second stage, and what the host takes back from it, at every size. */
class SecondStageTest {
    private final Guest guest = new Guest(0);
    private final SecondStage secondStage = guest.secondStage;

    @ParameterizedTest
    @EnumSource
    void shouldMapWhatTheHostMapsInLeavesOfTheSameSize(PageSize size) {
        long frame = guest.install(0, size, Entry.WRITABLE);

        assertThat(secondStage.map(GPA + size.bytes() - 1, false)).isEqualTo(MapOutcome.MAPPED);

        assertThat(guest.guest(0)).isEqualTo(Entry.of(frame, size, Entry.WRITABLE | Entry.ACCESSED));
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.SPURIOUS);
        assertThat(guest.frames.references(frame)).as("the second stage owns no reference").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendTheFaultToTheHostWhenThatDoesNotPermitTheAccess(PageSize size) {
        assertThat(secondStage.map(GPA, false)).isEqualTo(MapOutcome.HVA_ABSENT);
        guest.space.mappings().mark(HVA, size, Entry.poison(size));
        assertThat(secondStage.map(GPA, false)).isEqualTo(MapOutcome.HVA_POISONED);
        guest.install(0, size, Entry.UFFD_WP);
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.HVA_NOT_WRITABLE);
        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
        assertThat(secondStage.map(GPA, false)).isEqualTo(MapOutcome.MAPPED);
        assertThat(Entry.isWritable(guest.guest(0))).isFalse();
    }

    @Test
    void shouldExitOutsideTheSlot() {
        assertThat(secondStage.map(GPA - 1, false)).isEqualTo(MapOutcome.OUTSIDE_SLOT);
        assertThat(secondStage.map(GPA + Guest.BYTES, false)).isEqualTo(MapOutcome.OUTSIDE_SLOT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMapAReadOnlySlotReadOnly(PageSize size) {
        Guest readOnly = new Guest(MemslotRegion.READONLY);
        readOnly.install(0, size, Entry.WRITABLE);

        assertThat(readOnly.secondStage.map(GPA, false)).isEqualTo(MapOutcome.MAPPED);
        assertThat(Entry.isWritable(readOnly.guest(0))).isFalse();
        assertThat(readOnly.secondStage.map(GPA, true)).isEqualTo(MapOutcome.SLOT_READ_ONLY);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_1G, 2097152, SIZE_2M", "SIZE_1G, 4096, SIZE_4K", "SIZE_2M, 4096, SIZE_4K"})
    void shouldMapSmallerLeavesWhereTheAddressesAreNotAligned(PageSize host, long skew, PageSize expected) {
        Guest skewed = new Guest(0, GPA + skew);
        long frame = skewed.install(0, host, Entry.WRITABLE);
        long offset = host.bytes() - expected.bytes();

        assertThat(skewed.secondStage.map(GPA + skew + offset, true)).isEqualTo(MapOutcome.MAPPED);

        long entry = skewed.table.walk(GPA + skew + offset);
        assertThat(Entry.size(entry)).isEqualTo(expected);
        assertThat(Entry.frame(entry)).isEqualTo(frame + (offset >> 12));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBecomeWritableOnceTheHostIsUnprotected(PageSize size) {
        guest.install(0, size, Entry.UFFD_WP);
        secondStage.map(GPA, false);

        guest.space.mappings().unprotect(HVA, HVA + size.bytes());
        assertThat(Entry.isWritable(guest.guest(0))).isFalse();
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.MAPPED);

        assertThat(Entry.isWritable(guest.guest(0))).isTrue();
        assertThat(Entry.isDirty(guest.guest(0))).isTrue();
        assertThat(Entry.size(guest.guest(0))).isEqualTo(size);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeWriteProtectedBeforeTheHostIs(PageSize size) {
        guest.install(0, size, Entry.WRITABLE);
        secondStage.map(GPA, false);
        guest.table.walkAndMark(GPA, true);
        guest.space.observer((kind, start, end, pages) -> {
            assertThat(kind).isEqualTo(MappingChange.WRITE_PROTECT);
            assertThat(Entry.isWritable(guest.guest(0))).isFalse();
        });

        guest.space.mappings().writeProtect(HVA, HVA + size.bytes());

        assertThat(Entry.isPresent(guest.guest(0))).as("reads go on").isTrue();
        assertThat(Entry.isDirty(guest.host(0))).as("the guest's dirty bit went to the host").isTrue();
        assertThat(guest.table.walkAndMark(GPA, true)).isEqualTo(guest.guest(0));
        assertThat(Entry.isDirty(guest.guest(0))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeZappedBeforeTheHostUnmapsAndHandItsDirtyBitDown(PageSize size) {
        guest.install(0, size, Entry.WRITABLE);
        secondStage.map(GPA, false);
        guest.table.walkAndMark(GPA + 8, true);
        List<String> heard = new ArrayList<>();
        secondStage.observer(
                (kind, start, end, found) -> heard.add(kind + " " + (start - GPA) + " " + found.present() + " host "
                        + Entry.isPresent(guest.host(0))));
        guest.space.reaper(entry -> heard.add("reaped dirty " + Entry.isDirty(entry)));

        guest.space.discard(HVA, size.bytes());

        assertThat(heard).containsExactly("DISCARD 0 " + size.basePages() + " host true", "reaped dirty true");
        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
        assertThat(secondStage.map(GPA, false)).isEqualTo(MapOutcome.HVA_ABSENT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeZappedBeforeTheHostTakesPermissionsAwayOrMovesThePage(PageSize size) {
        guest.install(0, size, Entry.WRITABLE);
        secondStage.map(GPA, true);

        guest.space.mprotect(HVA, size.bytes(), AddressSpace.PROT_READ);
        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.HVA_NOT_WRITABLE);
        guest.space.mprotect(HVA, size.bytes(), AddressSpace.PROT_READ | AddressSpace.PROT_WRITE);
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.MAPPED);

        assertThat(guest.space.mappings().move(HVA + (2L << 30), HVA, size)).isEqualTo(Errno.OK);
        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
        assertThat(secondStage.map(GPA + (2L << 30), true)).isEqualTo(MapOutcome.MAPPED);
    }

    @ParameterizedTest
    @EnumSource(names = {"SIZE_2M", "SIZE_1G"})
    void shouldLoseALargeLeafWhenTheHostShattersItsOwn(PageSize size) {
        guest.install(0, size, Entry.WRITABLE);
        secondStage.map(GPA, true);

        guest.space.discard(HVA + 4096, 4096);

        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.MAPPED);
        assertThat(Entry.size(guest.guest(0))).isEqualTo(PageSize.SIZE_4K);
        assertThat(secondStage.map(GPA + 4096, false)).isEqualTo(MapOutcome.HVA_ABSENT);
        assertThat(secondStage.mapsOnlyWhatHvaMaps(GPA, GPA + Guest.BYTES)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M", "SIZE_1G, SIZE_4K"})
    void shouldShatterAndCollapseOnItsOwnWhereTheHostIsLarge(PageSize size, PageSize piece) {
        guest.install(0, size, Entry.WRITABLE);
        secondStage.map(GPA, true);
        long entry = guest.guest(0);

        secondStage.shatter(GPA, piece);
        assertThat(Entry.size(guest.guest(0))).isEqualTo(piece);
        assertThat(secondStage.collapse(GPA, size)).isTrue();
        assertThat(guest.guest(0)).isEqualTo(entry);
    }

    @Test
    void shouldNotCollapseBeforeTheHostDoes() {
        long run = guest.space.reservations().reserve(HVA, PageSize.SIZE_2M);
        for (long page = 0; page < 512; page++) {
            guest.frames.retain(run + page, PageSize.SIZE_4K);
            guest.space.mappings()
                    .install(HVA + page * 4096, PageSize.SIZE_4K,
                            Entry.of(run + page, PageSize.SIZE_4K, Entry.WRITABLE));
            secondStage.map(GPA + page * 4096, false);
        }

        assertThat(secondStage.collapse(GPA, PageSize.SIZE_2M)).isFalse();
        assertThat(guest.space.mappings().collapse(HVA, PageSize.SIZE_2M)).isTrue();
        assertThat(secondStage.collapse(GPA, PageSize.SIZE_2M)).isTrue();
        assertThat(Entry.size(guest.guest(0))).isEqualTo(PageSize.SIZE_2M);
    }

    @Test
    void shouldMapASmallLeafWhereSmallOnesAreMappedAlready() {
        guest.install(0, PageSize.SIZE_2M, Entry.WRITABLE);
        guest.space.mappings().shatter(HVA, PageSize.SIZE_4K);
        secondStage.map(GPA, false);
        assertThat(guest.space.mappings().collapse(HVA, PageSize.SIZE_2M)).isTrue();

        assertThat(secondStage.map(GPA + 4096, false)).isEqualTo(MapOutcome.MAPPED);

        assertThat(Entry.size(guest.guest(4096))).isEqualTo(PageSize.SIZE_4K);
    }

    @Test
    void shouldTellOfAZapThatFoundNothing() {
        List<Long> pages = new ArrayList<>();
        secondStage.observer((kind, start, end, found) -> pages.add(found.present()));

        assertThat(secondStage.zap(GPA, GPA + 4096)).isZero();

        assertThat(pages).containsExactly(0L);
    }

    @Test
    void shouldZapALargeLeafAsAWholeWhenAPartIsAskedFor() {
        guest.install(0, PageSize.SIZE_2M, Entry.WRITABLE);
        secondStage.map(GPA, false);
        List<String> heard = new ArrayList<>();
        secondStage.observer((kind, start, end, found) -> heard.add((start - GPA) + " " + (end - GPA)));

        assertThat(secondStage.zap(GPA + 4096, GPA + 8192)).isEqualTo(512);

        assertThat(heard).containsExactly("0 " + PageSize.SIZE_2M.bytes());
        assertThat(guest.guest(0)).isEqualTo(Entry.NONE);
    }
}
