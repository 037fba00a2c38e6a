package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObserversTest {
    @Test
    void shouldStopTellingOneThatWasRemoved() {
        List<String> heard = new ArrayList<>();
        MappingObserver observer = (kind, start, end, pages) -> heard.add(kind + " " + start);

        Observers observers = Observers.NONE.with(observer).with(10, 20, observer);
        observers.changed(MappingChange.DISCARD, 15, 16, 0);
        assertThat(heard).containsExactly("DISCARD 15", "DISCARD 15");
        observers.without(observer).changed(MappingChange.DISCARD, 15, 16, 0);
        assertThat(heard).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldTellExactlyThoseWhoseRangeOverlaps(long seed) {
        SplitMix random = new SplitMix(seed);
        Observers observers = Observers.NONE;
        long[] starts = new long[40];
        long[] ends = new long[40];
        Set<Integer> heard = new TreeSet<>();
        for (int i = 0; i < starts.length; i++) {
            int number = i;
            starts[i] = random.nextInt(1000);
            ends[i] = starts[i] + 1 + random.nextInt(i % 5 == 0 ? 500 : 20);
            observers = observers.with(starts[i], ends[i], (kind, start, end, pages) -> heard.add(number));
        }
        for (int query = 0; query < 500; query++) {
            long start = random.nextInt(1500);
            long end = start + 1 + random.nextInt(30);
            Set<Integer> expected = new TreeSet<>();
            for (int i = 0; i < starts.length; i++) {
                if (starts[i] < end && start < ends[i]) {
                    expected.add(i);
                }
            }
            heard.clear();
            observers.changed(MappingChange.UNMAP, start, end, 0);
            assertThat(heard).as("seed %d: %d-%d", seed, start, end).isEqualTo(expected);
        }
    }
}
