package io.faultline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class PctTest {
    private static final int ACTORS = 6;
    private static final int STEPS_EACH = 8;
    private static final int STEPS = ACTORS * STEPS_EACH;
    private static final int SEEDS = 20_000;

    @Test
    void shouldRunEachActorToItsEndWhenTheDepthIsOne() {
        List<Integer> order = run(1, 42);
        for (int actor = 0; actor < ACTORS; actor++) {
            int first = order.indexOf(actor);
            assertThat(order.subList(first, first + STEPS_EACH)).as("turns of actor %d", actor).containsOnly(actor);
        }
    }

    @Test
    void shouldPreemptAtMostOnceForEachFurtherDepth() {
        for (int seed = 0; seed < 500; seed++) {
            List<Integer> order = run(3, seed);
            long turns = 1 + IntStream.range(1, order.size())
                    .filter(i -> !order.get(i).equals(order.get(i - 1)))
                    .count();
            assertThat(turns).as("turns under seed %d", seed).isBetween((long) ACTORS, ACTORS + 2L);
        }
    }

    @Test
    void shouldFindABugOfDepthOneAsOftenAsPublished() {
        // Actor 4 ends before actor 2 begins.
        int found = found(1, order -> order.lastIndexOf(4) < order.indexOf(2));
        assertThat(found).isGreaterThanOrEqualTo(SEEDS / ACTORS);
    }

    @Test
    void shouldFindABugOfDepthTwoAsOftenAsPublished() {
        // Actor 2 begins between actor 4's third and fourth step: the textbook's check and act.
        Predicate<List<Integer>> bug = order -> {
            int begin = order.indexOf(2);
            return order.subList(0, begin).stream().filter(actor -> actor == 4).count() == 3;
        };
        assertThat(found(2, bug)).isGreaterThanOrEqualTo(SEEDS / (ACTORS * STEPS));
        assertThat(found(1, bug)).as("there is no change point to preempt at").isZero();
    }

    @Test
    void shouldRefuseDepthsAndStepsBelowOne() {
        assertThatThrownBy(() -> Schedule.pct(0)).isInstanceOf(InvalidInputException.class).hasMessageContaining("0");
        assertThatThrownBy(() -> Schedule.pct(1, -5)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-5");
    }

    private static int found(int depth, Predicate<List<Integer>> bug) {
        return (int) IntStream.range(0, SEEDS).filter(seed -> bug.test(run(depth, seed))).count();
    }

    /** Whose turn it was at each step. */
    private static List<Integer> run(int depth, long seed) {
        Chooser chooser = Schedule.pct(depth, STEPS).chooser(new SplitMix(seed));
        int[] left = new int[ACTORS];
        Arrays.fill(left, STEPS_EACH);
        var order = new ArrayList<Integer>();
        while (order.size() < STEPS) {
            int[] pending = IntStream.range(0, ACTORS).filter(actor -> left[actor] > 0).toArray();
            int actor = pending[chooser.choose(pending.length, index -> pending[index])];
            left[actor]--;
            order.add(actor);
        }
        return order;
    }
}
