package io.faultline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int PICKS = 200;

    @Test
    void shouldTakeTheOldestWhenFirstComeFirstServed() {
        assertThat(picks(Schedule.fifo(), 1)).containsOnly(0);
    }

    @Test
    void shouldPickByTheSeedAlone() {
        assertThat(picks(Schedule.random(), 7))
                .isEqualTo(picks(Schedule.random(), 7))
                .isNotEqualTo(picks(Schedule.random(), 8))
                .contains(0, 1, 2, 3, 4);
        assertThat(picks(Schedule.pct(3, PICKS), 7))
                .isEqualTo(picks(Schedule.pct(3, PICKS), 7))
                .isNotEqualTo(picks(Schedule.pct(3, PICKS), 9));
    }

    @Test
    void shouldReplayWhatWasRecorded() {
        var log = new ChoiceLog();
        List<Integer> recorded = picks(Schedule.random().recordedIn(log), 3);
        assertThat(recorded).as("recording changes no pick").isEqualTo(picks(Schedule.random(), 3));
        assertThat(picks(Schedule.replay(log), 99)).isEqualTo(recorded);
    }

    @Test
    void shouldNotRecordPicksWithoutAChoice() {
        var log = new ChoiceLog();
        Chooser chooser = Schedule.random().recordedIn(log).chooser(new SplitMix(1));
        chooser.choose(1, index -> index);
        assertThat(log.size()).isZero();
    }

    @Test
    void shouldGoOnInOrderBehindTheEndOfALog() {
        Chooser chooser = Schedule.replay(ChoiceLog.of(2)).chooser(new SplitMix(1));
        assertThat(chooser.choose(1, index -> index)).as("no choice, nothing used up").isZero();
        assertThat(chooser.choose(3, index -> index)).isEqualTo(2);
        assertThat(chooser.choose(3, index -> index)).isZero();
    }

    @Test
    void shouldTakeTheNewestWhenALogNamesAPlaceThereIsNot() {
        Chooser chooser = Schedule.replay(ChoiceLog.of(9)).chooser(new SplitMix(1));
        assertThat(chooser.choose(3, index -> index)).isEqualTo(2);
    }

    @Test
    void shouldKeepAReplayWhenItsLogIsRecordedIntoAgain() {
        var log = ChoiceLog.of(1, 1);
        Schedule replay = Schedule.replay(log);
        log.clear();
        assertThat(replay.chooser(new SplitMix(1)).choose(2, index -> index)).isEqualTo(1);
    }

    @Test
    void shouldBeChosenByName() {
        var registry = Schedules.registry();
        assertThat(registry.all()).extracting(Registration::name).containsExactly("random", "fifo", "pct");
        assertThat(registry.create("fifo")).isEqualTo(Schedule.fifo());
        assertThat(registry.create("pct:depth=4")).isEqualTo(Schedule.pct(4)).hasToString("pct:depth=4");
        assertThat(registry.create("pct:depth=4,steps=100")).hasToString("pct:depth=4,steps=100");
        assertThatThrownBy(() -> registry.create("pct:depth=0"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("depth must be a whole number of 1 to 1000, not \"0\"");
        assertThatThrownBy(() -> registry.create("lifo"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("unknown schedule \"lifo\": known are random, fifo, pct");
    }

    private static List<Integer> picks(Schedule schedule, long seed) {
        Chooser chooser = schedule.chooser(new SplitMix(seed));
        var picks = new ArrayList<Integer>();
        for (int pick = 0; pick < PICKS; pick++) {
            picks.add(chooser.choose(5, index -> index));
        }
        return picks;
    }
}
