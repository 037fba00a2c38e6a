package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class CpuActivityTest {
    private static final int ASID = 7;

    private final List<String> heard = new ArrayList<>();
    private final CpuPart part = new CpuPart() {
        @Override
        public void ipi(FlushCommand command) {
            heard.add("ipi");
        }

        @Override
        public void tick() {
            heard.add("tick");
        }

        @Override
        public void switchBegins(int asid) {
            heard.add("to " + asid);
        }

        @Override
        public void switchEnds() {
            heard.add("there");
        }

        @Override
        public void idle() {
            heard.add("idle");
        }

        @Override
        public void preempted() {
            heard.add("preempted");
        }

        @Override
        public void resumed() {
            heard.add("resumed");
        }
    };

    private CpuActivity activity(String policy) {
        return new CpuActivity(FlushPolicies.parse(policy), part, ASID, 1000);
    }

    @Test
    void shouldTellEachChangeOnce() {
        var activity = activity("lazy");
        activity.run();
        activity.run();
        activity.idle();
        activity.idle();
        activity.run();
        activity.leave();
        activity.leave();

        assertThat(heard).containsExactly("to 7", "there", "idle", "to 7", "there", "to -1", "there");
        assertThat(activity.isRunning()).isFalse();
    }

    @Test
    void shouldNotTellOfIdlenessToAPolicyThatIgnoresIt() {
        var activity = activity("ring+strict");
        activity.run();
        activity.idle();
        activity.run();

        assertThat(heard).containsExactly("to 7", "there");
    }

    @Test
    void shouldBePreemptedOnlyWhileItRunsAndResumeBeforeAnythingElse() {
        var activity = activity("lazy+paravirt");
        activity.preempted();
        activity.run();
        activity.preempted();
        activity.idle();
        assertThat(activity.isPreempted()).isTrue();
        activity.run();
        activity.preempted();
        activity.leave();

        assertThat(heard).containsExactly("to 7", "there", "preempted", "resumed", "preempted", "resumed", "to -1",
                "there");
    }

    @Test
    void shouldTickOnceForAllTicksThatAreDueAndOnlyWhileItRuns() {
        var activity = activity("latr");
        activity.tickIfDue(0);
        assertThat(heard).isEmpty();
        activity.run();
        heard.clear();
        activity.tickIfDue(100);
        activity.tickIfDue(999);
        activity.tickIfDue(1000);
        activity.tickIfDue(5500);
        activity.tickIfDue(5999);
        activity.tickIfDue(6000);
        activity.idle();
        activity.tickIfDue(9000);

        assertThat(activity.ticks()).isTrue();
        assertThat(heard).containsExactly("tick", "tick", "tick", "tick", "idle");
    }

    @Test
    void shouldNotTickForAPolicyThatNeedsNoTicks() {
        var activity = activity("strict");
        activity.run();
        activity.tickIfDue(1_000_000);

        assertThat(activity.ticks()).isFalse();
        assertThat(heard).doesNotContain("tick");
    }
}
