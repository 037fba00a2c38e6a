package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on an address space, with leaves of 4 KiB and 2 MiB and reservations, against a model that knows of
 * each base page which frame it shows. In the end no frame may be missing.
 */
class AddressSpaceRandomTest {
    private static final long START = 1L << 40;
    private static final int PAGES = 8 * 512;
    private static final int STEPS = 1500;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.tokens(32 * 512);
    private final AddressSpace space = new AddressSpace(1, frames);
    private final MemoryObject object = MemoryObject.anon(PageSize.SIZE_4K, PAGES * 4096L);
    private final long[] frameShown = new long[PAGES];
    private final boolean[] mapped = new boolean[PAGES];

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldShowTheRightFramesAndLoseNone(long seed) {
        Arrays.fill(frameShown, -1);
        SplitMix random = new SplitMix(seed);
        for (int step = 0; step < STEPS; step++) {
            String when = "seed " + seed + " step " + step;
            int start = random.nextInt(PAGES);
            int end = Math.min(PAGES, start + 1 + random.nextInt(random.nextInt(4) == 0 ? 2000 : 40));
            step(random, start, end, when);
            if (step % 50 == 0) {
                check(when);
            }
        }
        check("seed " + seed);
        space.exit();
        assertThat(frames.freeFrames()).as("seed %d", seed).isEqualTo(frames.frames());
    }

    private void step(SplitMix random, int start, int end, String when) {
        switch (random.nextInt(10)) {
            case 0 -> unmap(start, end, when);
            case 1, 2 -> map(start, end);
            case 3 -> discard(start, end);
            case 4 -> install(start, PageSize.SIZE_2M, when);
            case 5 -> reserveAndInstall(start);
            case 6 -> space.mappings().collapse(address(start), PageSize.SIZE_2M);
            case 7 -> space.mappings().shatter(address(start), PageSize.SIZE_4K);
            case 8 -> protect(random, start, end);
            default -> install(start, PageSize.SIZE_4K, when);
        }
    }

    private void unmap(int start, int end, String when) {
        assertThat(space.munmap(address(start), (end - start) * 4096L)).as(when).isEqualTo(Errno.OK);
        Arrays.fill(mapped, start, end, false);
        Arrays.fill(frameShown, start, end, -1);
    }

    private void map(int start, int end) {
        if (space.mmap(address(start), (end - start) * 4096L, object, start * 4096L, READ_WRITE, false).isOk()) {
            Arrays.fill(mapped, start, end, true);
        }
    }

    private void discard(int start, int end) {
        space.discard(address(start), (end - start) * 4096L);
        for (int page = start; page < end; page++) {
            frameShown[page] = mapped[page] ? -1 : frameShown[page];
        }
    }

    private void protect(SplitMix random, int start, int end) {
        switch (random.nextInt(3)) {
            case 0 -> space.mprotect(address(start), (end - start) * 4096L, random.nextInt(4));
            case 1 -> space.mappings().writeProtect(address(start), address(end));
            default -> space.mappings().unprotect(address(start), address(end));
        }
    }

    private void install(int page, PageSize size, String when) {
        int first = (int) (page & -size.basePages());
        int end = first + (int) size.basePages();
        if (!space.isMapped(address(first), address(end)) || space.vmas(address(first), address(end)).size() > 1) {
            return;
        }
        long frame = frames.allocate(size);
        if (frame < 0) {
            return;
        }
        Errno errno = space.mappings().install(address(first), size, Entry.of(frame, size, 0));
        boolean wasFree = Arrays.stream(frameShown, first, end).allMatch(shown -> shown < 0);
        assertThat(errno.isOk()).as("%s: %s", when, errno).isEqualTo(wasFree);
        if (errno.isOk()) {
            show(first, end, frame);
        } else {
            frames.release(frame, size);
        }
    }

    private void reserveAndInstall(int page) {
        if (!mapped[page] || space.reservations().reserve(address(page), PageSize.SIZE_2M) < 0
                || frameShown[page] >= 0) {
            return;
        }
        long frame = space.reservations().frameAt(address(page));
        frames.retain(frame, PageSize.SIZE_4K);
        assertThat(space.mappings()
                .install(address(page), PageSize.SIZE_4K,
                        Entry.of(frame, PageSize.SIZE_4K, 0)))
                .isEqualTo(Errno.OK);
        frameShown[page] = frame;
    }

    private void show(int first, int end, long frame) {
        for (int page = first; page < end; page++) {
            frameShown[page] = frame + (page - first);
        }
    }

    private void check(String when) {
        for (int page = 0; page < PAGES; page++) {
            long entry = space.hva().walk(address(page));
            long shown = Entry.isMapped(entry) ? Entry.frameAt(entry, address(page)) : -1;
            assertThat(shown).as("%s page %d", when, page).isEqualTo(frameShown[page]);
            assertThat(space.vmaAt(address(page)) != null).as("%s page %d", when, page).isEqualTo(mapped[page]);
        }
    }

    private static long address(int page) {
        return START + page * 4096L;
    }
}
