package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A dirty bit is never lost: walkers write while the range's owner shatters, collapses, and takes dirty bits away.
 *
 * <p>
 * A walker writes once per harvest at most, at some moment of the owner's work, so that no later write can hide the
 * loss of an earlier one (a large leaf has one dirty bit for all). It notes in which harvest's time it began; that
 * harvest or a later one must find the write, and the next harvest after the note is the last that may.
 */
class DirtyBitStressTest {
    private static final int WALKERS = 2;
    private static final int PIECES = PageTableNode.FANOUT;
    private static final int HARVESTS = 3000;
    private static final int DELAY_SPINS_MAX = 3000;
    private static final long START = 1L << 40;

    private final PageTable table = new PageTable();
    private final AtomicInteger harvest = new AtomicInteger(1);
    private final AtomicIntegerArray notedHarvest = new AtomicIntegerArray(WALKERS);
    private final AtomicIntegerArray notedPiece = new AtomicIntegerArray(WALKERS);
    private final int[] lastFound = new int[PIECES];

    @ParameterizedTest(name = "{0} seed {1}")
    @CsvSource({"SIZE_2M, 1", "SIZE_2M, 2", "SIZE_1G, 3", "SIZE_1G, 4"})
    void shouldNeverLoseADirtyBitAcrossShatterAndCollapse(PageSize region, long seed) throws Exception {
        table.set(START, region, Entry.of(0, region, Entry.WRITABLE));
        int checked = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(WALKERS)) {
            Future<?>[] walkers = new Future<?>[WALKERS];
            for (int walker = 0; walker < WALKERS; walker++) {
                int number = walker;
                walkers[walker] =
                        threads.submit(() -> walk(number, region.smaller(), new SplitMix(seed).split(number)));
            }
            try {
                while (harvest.get() <= HARVESTS) {
                    for (int i = 0; i < 4; i++) {
                        table.shatter(START, region.smaller());
                        assertThat(table.collapse(START, region)).isTrue();
                    }
                    if (harvest.get() % 2 == 0) {
                        table.shatter(START, region.smaller());
                    }
                    checked += harvestAndCheck(region, seed);
                }
            } finally {
                harvest.set(HARVESTS + 1);
            }
            for (Future<?> walker : walkers) {
                walker.get();
            }
        }
        assertThat(checked).as("writes checked").isPositive();
    }

    private void walk(int walker, PageSize piece, SplitMix random) {
        int last = 0;
        while (last <= HARVESTS) {
            int now = harvest.get();
            if (now == last) {
                Thread.onSpinWait();
                continue;
            }
            last = now;
            for (int spins = random.nextInt(DELAY_SPINS_MAX); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            int index = random.nextInt(PIECES);
            int begun = harvest.get();
            long address = START + index * piece.bytes();
            long entry = table.walkAndMark(address, true);
            assertThat(Entry.isDirty(entry)).as("no walker ever finds a gap: " + Entry.describe(entry)).isTrue();
            assertThat(Entry.frameAt(entry, address)).isEqualTo(index * piece.basePages());
            notedPiece.set(walker, index);
            notedHarvest.set(walker, begun);
            last = harvest.get();
        }
    }

    private int harvestAndCheck(PageSize region, long seed) {
        int[] noted = new int[WALKERS];
        int[] piece = new int[WALKERS];
        for (int walker = 0; walker < WALKERS; walker++) {
            noted[walker] = notedHarvest.getAndSet(walker, 0);
            piece[walker] = notedPiece.get(walker);
        }
        int now = harvest.get();
        table.forEach(START, START + region.bytes(), (address, size, entry) -> {
            if (Entry.isDirty(take(now, address, size, entry))) {
                int first = (int) ((address - START) / region.smaller().bytes());
                for (int index = first; index < first + (size == region ? PIECES : 1); index++) {
                    lastFound[index] = now;
                }
            }
            return true;
        });
        int checked = 0;
        for (int walker = 0; walker < WALKERS; walker++) {
            if (noted[walker] > 0) {
                assertThat(lastFound[piece[walker]]).as("seed %d: last harvest that found piece %d dirty, written in "
                        + "harvest %d, in harvest %d", seed, piece[walker], noted[walker], now)
                        .isGreaterThanOrEqualTo(noted[walker]);
                checked++;
            }
        }
        harvest.incrementAndGet();
        return checked;
    }

    /** Takes the dirty bit by clearing it, or by exchanging the whole leaf for a clean one. */
    private long take(int harvestNumber, long address, PageSize size, long entry) {
        return harvestNumber % 3 == 0
                ? table.exchange(address, size, Entry.without(entry, Entry.DIRTY))
                : table.clearBits(address, size, Entry.DIRTY);
    }
}
