package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.faultline.schedule.ChoiceLog;
import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class PctReadyTest {
    private static final int LANES = 40;
    private static final int TURNS = 5;

    @Test
    void shouldLetEachGoOnUntilItIsDoneWhenNothingChanges() {
        List<Integer> order = turns(Schedule.pct(1), 3);
        for (int first = 0; first < order.size(); first += TURNS) {
            assertThat(order.subList(first, first + TURNS)).containsOnly(order.get(first));
        }
        assertThat(order).isNotEqualTo(order.stream().sorted().toList()).isNotEqualTo(turns(Schedule.pct(1), 4));
    }

    @Test
    void shouldPutOneBackAtEachChangePoint() {
        for (int seed = 0; seed < 100; seed++) {
            List<Integer> order = turns(Schedule.pct(4, LANES * TURNS), seed);
            long switches = IntStream.range(1, order.size())
                    .filter(i -> !order.get(i).equals(order.get(i - 1)))
                    .count();
            assertThat(switches).as("switches under seed %d", seed).isBetween(LANES - 1L, LANES + 2L);
        }
    }

    @Test
    void shouldBeReplayedAndRecordedAlike() {
        var log = new ChoiceLog();
        List<Integer> recorded = turns(Schedule.pct(6, LANES * TURNS).recordedIn(log), 8);
        assertThat(recorded).isEqualTo(turns(Schedule.pct(6, LANES * TURNS), 8));
        assertThat(turns(Schedule.replay(log), 0)).isEqualTo(recorded);
    }

    /** Lanes that are ready again after each of their turns, and in which order they had them. */
    private static List<Integer> turns(Schedule schedule, long seed) {
        var ready = ReadyList.of(schedule, new SplitMix(seed));
        var lanes = new ArrayList<Runnable>();
        int[] left = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            left[i] = TURNS;
            lanes.add(new VirtualLane(new VirtualLoop(), "lane-" + i, null));
            ready.add(lanes.get(i));
        }
        var order = new ArrayList<Integer>();
        while (ready.size() > 0) {
            int lane = lanes.indexOf(ready.take());
            order.add(lane);
            if (--left[lane] > 0) {
                ready.add(lanes.get(lane));
            }
        }
        return order;
    }
}
