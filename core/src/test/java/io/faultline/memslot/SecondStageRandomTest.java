package io.faultline.memslot;

import static io.faultline.memslot.Guest.GPA;
import static io.faultline.memslot.Guest.HVA;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.Mappings;
import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the host does to its mappings, the second stage never maps more, and no write is forgotten. */
class SecondStageRandomTest {
    private static final int PAGES = 4 * 512;
    private static final int STEPS = 3000;

    private final Guest guest = new Guest(0);
    private final SecondStage secondStage = guest.secondStage;
    private final Mappings mappings = guest.space.mappings();
    private final BitSet writtenFrames = new BitSet();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldMapOnlyWhatTheHostMapsAndHandEveryDirtyBitDown(long seed) {
        SplitMix random = new SplitMix(seed);
        guest.space.reaper(entry -> {
            assertThat(!isAnyWritten(entry) || Entry.isDirty(entry)).as("seed %d: %s", seed, Entry.describe(entry))
                    .isTrue();
            guest.frames.release(Entry.frame(entry), Entry.size(entry));
        });
        for (int step = 0; step < STEPS; step++) {
            int start = random.nextInt(PAGES);
            int end = Math.min(PAGES, start + 1 + random.nextInt(random.nextInt(4) == 0 ? 1000 : 30));
            step(random, start, end);
            if (step % 10 == 0) {
                assertThat(secondStage.mapsOnlyWhatHvaMaps(GPA, GPA + PAGES * 4096L))
                        .as("seed %d step %d", seed, step)
                        .isTrue();
            }
        }
    }

    private void step(SplitMix random, int start, int end) {
        long from = HVA + start * 4096L;
        long to = HVA + end * 4096L;
        switch (random.nextInt(12)) {
            case 0 -> guest.space.discard(from, to - from);
            case 1 -> mappings.writeProtect(from, to);
            case 2 -> mappings.unprotect(from, to);
            case 3 -> guest.space.mprotect(from, to - from, 1 + random.nextInt(2) * AddressSpace.PROT_WRITE);
            case 4 -> mappings.shatter(from, PageSize.SIZE_4K);
            case 5 -> mappings.collapse(from, PageSize.SIZE_2M);
            case 6 -> secondStage.collapse(GPA + start * 4096L, PageSize.SIZE_2M);
            case 7 -> secondStage.zap(GPA + start * 4096L, GPA + end * 4096L);
            case 8 -> install(start & -512, PageSize.SIZE_2M);
            case 9 -> install(start, PageSize.SIZE_4K);
            default -> access(start, end, random.nextInt(2) == 0);
        }
    }

    private void install(int page, PageSize size) {
        long address = HVA + page * 4096L;
        if (guest.space.vmas(address, address + size.bytes()).size() == 1
                && guest.space.hva().isEmpty(address, address + size.bytes())) {
            guest.install(page * 4096L, size, guest.space.vmas(address, address + 1).getFirst().writable()
                    ? Entry.WRITABLE
                    : 0);
        }
    }

    private void access(int start, int end, boolean write) {
        for (int page = start; page < end; page += 7) {
            long gpa = GPA + page * 4096L;
            long entry = guest.table.walkAndMark(gpa, write);
            if (!Entry.isPresent(entry) || (write && !Entry.isWritable(entry))) {
                secondStage.map(gpa, write);
                entry = guest.table.walkAndMark(gpa, write);
            }
            if (write && Entry.isWritable(entry)) {
                writtenFrames.set((int) Entry.frameAt(entry, gpa));
            }
        }
    }

    /** Tells whether a frame of the leaf that is being unmapped was written, and forgets it. */
    private boolean isAnyWritten(long entry) {
        int first = (int) Entry.frame(entry);
        int end = first + (int) Entry.size(entry).basePages();
        boolean any = writtenFrames.nextSetBit(first) >= 0 && writtenFrames.nextSetBit(first) < end;
        writtenFrames.clear(first, end);
        return any;
    }
}
