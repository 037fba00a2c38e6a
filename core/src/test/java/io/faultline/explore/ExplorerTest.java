package io.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;

import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import org.junit.jupiter.api.Test;

class ExplorerTest {
    /** Two threads add to a number without a lock, among others who do something else. */
    private static final class LostUpdate implements Scenario {
        private final int bystanders;

        LostUpdate(int bystanders) {
            this.bystanders = bystanders;
        }

        @Override
        public String name() {
            return "lost-update";
        }

        @Override
        public String description() {
            return "two threads add at once";
        }

        @Override
        public void play(Stage stage, Variant variant) {
            int[] sum = {0};
            boolean[] locked = {false};
            for (int index = 0; index < 2; index++) {
                Script script = stage.script("adder " + index);
                int[] read = {0};
                script.when("lock", () -> !locked[0] || variant == Variant.BROKEN, () -> locked[0] = true);
                script.step("read", () -> read[0] = sum[0]);
                script.step("write", () -> sum[0] = read[0] + 1);
                script.step("unlock", () -> locked[0] = false);
            }
            for (int index = 0; index < bystanders; index++) {
                Script script = stage.script("bystander " + index);
                for (int step = 0; step < 5; step++) {
                    script.step("walk on", () -> {});
                }
            }
            stage.atEnd("both have added", () -> sum[0] == 2 ? null : "the sum is " + sum[0]);
        }
    }

    @Test
    void shouldFindTheBugAndNotItsFix() {
        Scenario scenario = new LostUpdate(0);
        for (Schedule schedule : List.of(Schedule.random(), Schedule.pct(2))) {
            Explorer explorer = new Explorer(schedule);
            Exploration broken = explorer.explore(scenario, Variant.BROKEN, 1, 1000);
            assertThat(broken.violating()).as("%s", schedule).isEqualTo(1);
            assertThat(broken.seeds()).isLessThan(1000);
            Finding finding = Objects.requireNonNull(broken.finding());
            assertThat(finding.breach().invariant()).isEqualTo("both have added");
            assertThat(finding.seed()).isEqualTo(broken.seeds());

            assertThat(explorer.explore(scenario, Variant.FIXED, 1, 1000))
                    .isEqualTo(new Exploration("lost-update", Variant.FIXED, 1000, null));
        }
    }

    @Test
    void shouldFindTheSameAgainFromTheSeedAloneAndFromTheSchedule() {
        Scenario scenario = new LostUpdate(2);
        Explorer explorer = new Explorer(Schedule.random());
        Finding finding = Objects.requireNonNull(explorer.explore(scenario, Variant.BROKEN, 1, 1000).finding());

        Exploration again = explorer.explore(scenario, Variant.BROKEN, finding.seed(), 1);

        assertThat(again.finding()).isEqualTo(finding);
        for (Performance run : List.of(finding.found(), finding.shortest())) {
            assertThat(Explorer.replay(scenario, Variant.BROKEN, run.schedule())).isEqualTo(run);
        }
    }

    @Test
    void shouldMakeWhatItFindsPlainer() {
        Scenario scenario = new LostUpdate(3);
        int switches = 0;
        for (long seed = 1; seed < 200; seed++) {
            Finding finding = new Explorer(Schedule.random()).explore(scenario, Variant.BROKEN, seed, 1).finding();
            if (finding == null) {
                continue;
            }
            Performance shortest = finding.shortest();
            assertThat(shortest.breach()).as("seed %d", seed).isNotNull();
            assertThat(Objects.requireNonNull(shortest.breach()).invariant()).isEqualTo(finding.breach().invariant());
            assertThat(shortest.steps()).isLessThanOrEqualTo(finding.found().steps());
            switches = Math.max(switches, finding.found().switches());
            // Five columns, and one of the adders is interrupted once: no schedule has fewer.
            assertThat(shortest.switches()).as("seed %d", seed).isEqualTo(5);
        }
        assertThat(switches).isGreaterThan(15);
    }

    /** Breaks as soon as one of ten threads has made its third step. */
    private record Third() implements Scenario {
        @Override
        public String name() {
            return "third";
        }

        @Override
        public String description() {
            return "somebody makes a third step";
        }

        @Override
        public void play(Stage stage, Variant variant) {
            for (int index = 0; index < 10; index++) {
                Script script = stage.script("thread " + index);
                script.step("1", () -> {}).step("2", () -> {});
                script.step("3", () -> stage.violated("nobody goes that far", script.name()));
            }
        }
    }

    @Test
    void shouldLeaveOutWhatDoesNotMatter() {
        Finding finding = Objects.requireNonNull(
                new Explorer(Schedule.random()).explore(new Third(), Variant.BROKEN, 1, 1).finding());

        assertThat(finding.found().steps()).isGreaterThan(3);
        assertThat(finding.shortest().steps()).isEqualTo(3);
        assertThat(finding.shortest().switches()).isZero();
    }

    @Test
    void shouldRefuseToTryNothing() {
        assertThatThrownBy(() -> new Explorer(Schedule.fifo()).explore(new Third(), Variant.BROKEN, 1, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0: at least 1");
    }
}
