package io.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class StageTest {
    private final List<String> made = new ArrayList<>();

    private record Sketch(Consumer<Stage> sketch) implements Scenario {
        @Override
        public String name() {
            return "sketch";
        }

        @Override
        public String description() {
            return "for a test";
        }

        @Override
        public void play(Stage stage, Variant variant) {
            sketch.accept(stage);
        }
    }

    private Performance play(Schedule schedule, long seed, Consumer<Stage> sketch) {
        made.clear();
        return new Player(new Sketch(sketch), Variant.BROKEN).play(schedule.chooser(new SplitMix(seed)));
    }

    private Performance play(Consumer<Stage> sketch) {
        return play(Schedule.fifo(), 0, sketch);
    }

    private Runnable make(String what) {
        return () -> made.add(what);
    }

    private void threeTimesThree(Stage stage) {
        threeScripts(stage, 3);
    }

    private void threeScripts(Stage stage, int steps) {
        for (String name : List.of("a", "b", "c")) {
            Script script = stage.script(name);
            for (int step = 1; step <= steps; step++) {
                script.step(name + step, make(name + step));
            }
        }
    }

    @Test
    void shouldServeWhoComesFirstFirst() {
        play(this::threeTimesThree);

        assertThat(made).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
    }

    @Test
    void shouldKeepTheOrderOfEachScriptAndReachEveryOrderBetweenThem() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 2_000; seed++) {
            play(Schedule.random(), seed, stage -> threeScripts(stage, 2));
            for (String name : List.of("a", "b", "c")) {
                assertThat(made.stream().filter(step -> step.startsWith(name))).as("seed %d", seed)
                        .containsExactly(name + "1", name + "2");
            }
            orders.add(List.copyOf(made));
        }

        // 6! / (2! 2! 2!) interleavings
        assertThat(orders).hasSize(90);
    }

    @Test
    void shouldDeliverEachSendersMessagesInOrderAndDifferentSendersInAnyOrder() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 0; seed < 500; seed++) {
            play(Schedule.random(), seed, stage -> {
                Script a = stage.script("a");
                Script b = stage.script("b");
                Script receiver = stage.script("receiver");
                Channel fromA = stage.channel(a, receiver);
                Channel fromB = stage.channel(b, receiver);
                a.step("send", () -> {
                    fromA.send("1", make("a1"));
                    fromA.send("2", make("a2"));
                });
                b.step("send", () -> fromB.send("1", make("b1")));
            });
            assertThat(made.indexOf("a1")).as("seed %d", seed).isLessThan(made.indexOf("a2"));
            orders.add(List.copyOf(made));
        }

        assertThat(orders).containsExactlyInAnyOrder(
                List.of("a1", "a2", "b1"), List.of("a1", "b1", "a2"), List.of("b1", "a1", "a2"));
    }

    @Test
    void shouldMakeTheSameRunFromTheSameSeed() {
        Set<List<String>> runs = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            Performance once = play(Schedule.random(), seed, this::threeTimesThree);
            Performance twice = play(Schedule.random(), seed, this::threeTimesThree);
            assertThat(twice).as("seed %d", seed).isEqualTo(once);
            runs.add(once.schedule());
        }

        assertThat(runs).hasSizeGreaterThan(40);
    }

    @Test
    void shouldBlockAStepUntilItsConditionHolds() {
        boolean[] open = {false};
        for (long seed = 0; seed < 50; seed++) {
            open[0] = false;
            Performance run = play(Schedule.random(), seed, stage -> {
                stage.script("waits").when("enter", () -> open[0], make("enter"));
                stage.script("opens").step("rest", make("rest")).step("open", () -> {
                    open[0] = true;
                    made.add("open");
                });
            });
            assertThat(run.breach()).isNull();
            assertThat(made).as("seed %d", seed).containsExactly("rest", "open", "enter");
        }
    }

    @Test
    void shouldPutStepsOfARunningStepRightBehindItAndOthersLast() {
        play(stage -> {
            Script a = stage.script("a");
            Script b = stage.script("b");
            a.step("1", () -> {
                made.add("a1");
                a.step("1a", make("a1a"));
                a.step("1b", make("a1b"));
                b.step("2", make("b2"));
            });
            a.step("2", make("a2"));
            b.step("1", make("b1"));
        });

        assertThat(made.stream().filter(step -> step.startsWith("a"))).containsExactly("a1", "a1a", "a1b", "a2");
        assertThat(made.stream().filter(step -> step.startsWith("b"))).containsExactly("b1", "b2");
    }

    @Test
    void shouldHoldAMailboxBackWhileItsReceiverIsBusy() {
        for (long seed = 0; seed < 50; seed++) {
            play(Schedule.random(), seed, stage -> {
                Script sender = stage.script("sender");
                Script receiver = stage.script("receiver");
                Channel channel = stage.channel(sender, receiver).whenIdle();
                sender.step("send", () -> {
                    channel.send("first", () -> {
                        made.add("first begins");
                        receiver.step("end", make("first ends"));
                    });
                    channel.send("second", make("second"));
                });
            });
            assertThat(made).as("seed %d", seed).containsExactly("first begins", "first ends", "second");
        }
    }

    @Test
    void shouldSayWhoWaitsForEver() {
        Performance run = play(stage -> {
            stage.script("server").background().await("a request", () -> false);
            stage.script("client").await("the answer", () -> false);
        });

        assertThat(run.breach()).isEqualTo(new Breach(Breach.NOBODY_WAITS, "client: the answer"));
        assertThat(run.left()).hasSize(1);
        assertThat(run.ended()).isTrue();
    }

    @Test
    void shouldSayWhoTriesInVainAlsoInTheBackground() {
        Performance run = play(stage -> {
            stage.script("client").await("the answer", () -> false);
            stage.script("server").background().spin("lock", () -> false);
        });

        assertThat(run.breach()).isEqualTo(new Breach(Breach.NOBODY_TRIES, "server: lock"));
        assertThat(run.steps()).as("one attempt tells as much as a thousand").isEqualTo(1);
    }

    @Test
    void shouldTryAgainOnceSomebodyElseGotSomewhere() {
        int[] attempts = {0};
        Performance run = play(stage -> {
            stage.script("spins").spin("lock", () -> ++attempts[0] > 2);
            stage.script("works").step("1", () -> {}).step("2", () -> {}).step("3", () -> {});
        });

        assertThat(run.breach()).isNull();
        assertThat(attempts[0]).isEqualTo(3);
    }

    @Test
    void shouldStopAtTheStepThatBreaksAnInvariant() {
        Performance run = play(stage -> {
            stage.always("no b2", () -> made.contains("b2") ? "there it is" : null);
            threeTimesThree(stage);
        });

        assertThat(run.breach()).isEqualTo(new Breach("no b2", "there it is"));
        assertThat(made).endsWith("b2");
        assertThat(run.ended()).isFalse();
    }

    @Test
    void shouldJudgeTheEndAndTakeAStepsOwnWord() {
        assertThat(play(stage -> {
            stage.atEnd("a d", () -> made.contains("d1") ? null : "none came");
            threeTimesThree(stage);
        }).breach()).isEqualTo(new Breach("a d", "none came"));
        assertThat(play(stage -> stage.script("a")
                .step("1", () -> stage.violated("mine", "first word"))
                .step("2", () -> stage.violated("mine", "second"))).breach())
                .isEqualTo(new Breach("mine", "first word"));
        assertThat(play(stage -> {
            stage.judge(() -> made.isEmpty() ? null : new Breach("O1", "stale"));
            threeTimesThree(stage);
        }).breach()).isEqualTo(new Breach("O1", "stale"));
    }

    @Test
    void shouldTakeAnExceptionForABreach() {
        Performance run = play(stage -> stage.script("a").step("1", () -> {
            throw new IllegalStateException("oops");
        }));

        Breach breach = Objects.requireNonNull(run.breach());
        assertThat(breach.invariant()).isEqualTo(Breach.NO_STEP_FAILS);
        assertThat(breach.what()).contains("a", "oops");
    }

    @Test
    void shouldEndWhatGoesRoundInCircles() {
        Performance run = play(stage -> circle(stage.script("a")));

        assertThat(Objects.requireNonNull(run.breach()).invariant()).isEqualTo(Breach.IT_ENDS);
    }

    private static void circle(Script script) {
        script.step("again", () -> circle(script));
    }

    @Test
    void shouldRefuseScriptsOfOneNameAndScriptsThatComeLate() {
        assertThatThrownBy(() -> play(stage -> {
            stage.script("a");
            stage.script("a");
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("\"a\"");
        Performance late = play(stage -> stage.script("a").step("1", () -> stage.script("b")));
        assertThat(Objects.requireNonNull(late.breach()).what()).contains("before the first step");
    }

    @Test
    void shouldReplayExactlyOrSayWhereTheScheduleDoesNotFit() {
        Scenario scenario = new Sketch(this::threeTimesThree);
        List<String> schedule = List.of("c", "c", "c", "b", "a", "b", "a", "b", "a");

        assertThat(Explorer.replay(scenario, Variant.FIXED, schedule).schedule()).isEqualTo(schedule);

        assertThatThrownBy(() -> Explorer.replay(scenario, Variant.FIXED, List.of("c", "c", "c", "c")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("step 4")
                .hasMessageContaining("[a, b]");
        assertThatThrownBy(() -> Explorer.replay(scenario, Variant.FIXED, List.of("x")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("\"x\"");
        assertThatThrownBy(() -> Explorer.replay(scenario, Variant.FIXED, List.of("a", "b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("after its 2 steps");
    }
}
