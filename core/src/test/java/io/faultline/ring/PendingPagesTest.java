package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.faultline.time.SplitMix;
import io.faultline.userfault.FaultKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingPagesTest {
    private static final List<FaultKind> KINDS = List.of(FaultKind.values());

    private record Expected(long attempt, FaultKind kind, boolean write, long raised) {}

    /** Few page numbers, so that chains of collisions form, wrap round the end and are closed again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithAMapThroughRandomAddsAndRemovals(long seed) {
        SplitMix random = new SplitMix(seed);
        Map<Integer, Expected> model = new HashMap<>();
        PendingPages pending = new PendingPages();
        int pageCount = 40 + random.nextInt(200);
        for (int step = 0; step < 4_000; step++) {
            int page = random.nextInt(pageCount) * (seed % 2 == 0 ? 1 : 65_536);
            int position = pending.find(page);
            Expected expected = model.get(page);
            assertThat(position >= 0).as("seed %d, step %d, page %d", seed, step, page).isEqualTo(expected != null);
            if (expected == null) {
                FaultKind kind = KINDS.get(random.nextInt(KINDS.size()));
                boolean write = random.nextInt(2) == 0;
                pending.add(page, step, kind, write, step * 3L);
                model.put(page, new Expected(step, kind, write, step * 3L));
            } else if (random.nextInt(3) == 0) {
                pending.attempt(position, step);
                pending.kind(position, FaultKind.MINOR);
                model.put(page, new Expected(step, FaultKind.MINOR, expected.write, expected.raised));
            } else {
                assertThat(read(pending, position)).as("seed %d, step %d", seed, step).isEqualTo(expected);
                pending.remove(position);
                model.remove(page);
            }
            assertThat(pending.size()).isEqualTo(model.size());
        }
        model.forEach((page, expected) -> assertThat(read(pending, pending.find(page))).as("seed %d", seed)
                .isEqualTo(expected));
        assertThat(visited(pending)).as("seed %d", seed).isEqualTo(model.keySet());
    }

    private static Expected read(PendingPages pending, int position) {
        return new Expected(pending.attempt(position), pending.kind(position), pending.write(position),
                pending.raisedNanos(position));
    }

    private static Set<Integer> visited(PendingPages pending) {
        Set<Integer> pages = new HashSet<>();
        for (int position = 0; position < pending.capacity(); position++) {
            if (pending.isOccupied(position)) {
                assertThat(pages.add(pending.page(position))).isTrue();
            }
        }
        return pages;
    }

    @Test
    void shouldKeepTheAccessWhenTheKindChanges() {
        PendingPages pending = new PendingPages();
        pending.add(0, 1, FaultKind.MINOR, true, 5);

        pending.kind(pending.find(0), FaultKind.MISSING);

        assertThat(pending.kind(pending.find(0))).isEqualTo(FaultKind.MISSING);
        assertThat(pending.write(pending.find(0))).isTrue();
    }

    @Test
    void shouldRefuseAPageThatIsPendingAndAnAttemptThatIsNotNewer() {
        PendingPages pending = new PendingPages();
        pending.add(6, 9, FaultKind.MISSING, false, 0);

        assertThatThrownBy(() -> pending.add(6, 10, FaultKind.MISSING, false, 0)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> pending.attempt(pending.find(6), 9)).isInstanceOf(AssertionError.class);
    }
}
