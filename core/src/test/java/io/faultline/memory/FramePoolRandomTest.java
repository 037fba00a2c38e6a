package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool against a model that counts references and holds of every frame in plain arrays. */
class FramePoolRandomTest {
    private static final int FRAMES = (1 << 18) + 3 * 512 + 100;
    private static final int STEPS = 4000;
    private static final PageSize[] SIZES = {PageSize.SIZE_4K, PageSize.SIZE_4K, PageSize.SIZE_2M, PageSize.SIZE_2M,
        PageSize.SIZE_1G};

    private record Owned(long frame, PageSize size, boolean held) {}

    private final int[] references = new int[FRAMES];
    private final int[] holds = new int[FRAMES];
    private final List<Owned> owned = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithAPlainModel(long seed) {
        SplitMix random = new SplitMix(seed);
        try (FramePool pool = FramePool.tokens(FRAMES)) {
            for (int step = 0; step < STEPS; step++) {
                step(pool, random, "seed " + seed + " step " + step);
            }
            checkEveryFrame(pool, "seed " + seed);
            while (!owned.isEmpty()) {
                giveUp(pool, owned.removeLast(), "seed " + seed);
            }
            assertThat(pool.freeFrames()).as("seed %d", seed).isEqualTo(FRAMES);
            assertThat(pool.allocate(PageSize.SIZE_1G)).as("seed %d: all has merged again", seed).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void shouldHandOutTheSameFramesInEveryRun(long seed) {
        List<List<Owned>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            owned.clear();
            Arrays.fill(references, 0);
            Arrays.fill(holds, 0);
            SplitMix random = new SplitMix(seed);
            try (FramePool pool = FramePool.tokens(FRAMES)) {
                for (int step = 0; step < 500; step++) {
                    step(pool, random, "seed " + seed);
                }
            }
            runs.add(List.copyOf(owned));
        }
        assertThat(runs.get(0)).as("seed %d", seed).isEqualTo(runs.get(1));
    }

    private void step(FramePool pool, SplitMix random, String when) {
        int action = random.nextInt(10);
        if (action < 5 || owned.isEmpty()) {
            PageSize size = SIZES[random.nextInt(SIZES.length)];
            long frame = pool.allocate(size);
            if (frame >= 0) {
                assertThat(size.isFrameAligned(frame)).as(when).isTrue();
                for (long each = frame; each < frame + size.basePages(); each++) {
                    assertThat(references[(int) each] + holds[(int) each]).as(when).isZero();
                }
                own(new Owned(frame, size, false), 1);
            }
            return;
        }
        Owned some = owned.remove(random.nextInt(owned.size()));
        if (action == 5 && !some.held()) {
            pool.retain(some.frame(), some.size());
            owned.add(some);
            own(some, 1);
        } else if (action == 6 && some.size() != PageSize.SIZE_4K) {
            splitInTwo(some);
        } else if (action == 7 && !some.held()) {
            pool.quarantine(some.frame(), some.size());
            own(some, -1);
            owned.removeLast();
            own(new Owned(some.frame(), some.size(), true), 1);
        } else {
            giveUp(pool, some, when);
        }
        assertThat(pool.references(some.frame())).as(when).isEqualTo(references[(int) some.frame()]);
        assertThat(pool.isQuarantined(some.frame())).as(when).isEqualTo(holds[(int) some.frame()] > 0);
    }

    /** Counts a reference or hold of everyone's, and keeps who has it. */
    private void own(Owned some, int delta) {
        int[] counts = some.held() ? holds : references;
        for (long each = some.frame(); each < some.frame() + some.size().basePages(); each++) {
            counts[(int) each] += delta;
        }
        owned.add(some);
    }

    /** What was owned as one run is owned as its smaller pieces; the pool need not know. */
    private void splitInTwo(Owned some) {
        PageSize piece = some.size().smaller();
        for (long frame = some.frame(); frame < some.frame() + some.size().basePages(); frame += piece.basePages()) {
            owned.add(new Owned(frame, piece, some.held()));
        }
    }

    private void giveUp(FramePool pool, Owned some, String when) {
        boolean allFree = true;
        int[] counts = some.held() ? holds : references;
        for (long each = some.frame(); each < some.frame() + some.size().basePages(); each++) {
            counts[(int) each]--;
            allFree &= references[(int) each] + holds[(int) each] == 0;
        }
        boolean freed = some.held()
                ? pool.endQuarantine(some.frame(), some.size())
                : pool.release(some.frame(), some.size());
        assertThat(freed).as(when).isEqualTo(allFree);
    }

    private void checkEveryFrame(FramePool pool, String when) {
        long free = 0;
        long held = 0;
        for (int frame = 0; frame < FRAMES; frame++) {
            free += references[frame] + holds[frame] == 0 ? 1 : 0;
            held += holds[frame] > 0 ? 1 : 0;
            assertThat(pool.references(frame)).as(when).isEqualTo(references[frame]);
        }
        assertThat(pool.freeFrames()).as(when).isEqualTo(free);
        assertThat(pool.quarantinedFrames()).as(when).isEqualTo(held);
    }
}
