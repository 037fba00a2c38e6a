package io.faultline.bench.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.bench.measure.Work;
import io.faultline.lab.Main;
import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import org.junit.jupiter.api.Test;

class VirtualLoopTest {
    @Test
    void shouldPassTheSameMessagesAtTheSameInstantsInBothLoops() {
        PassingJob job = new PassingJob(100, 20_000);

        PlainLoop.Passed plain = new PlainLoop(job).run(5_000);
        ActorLoop.Passed ours = new ActorLoop(job, Schedule.fifo()).run(5_000);

        assertThat(ours.count()).isEqualTo(plain.count()).isEqualTo(5_000);
        assertThat(ours.hash()).isEqualTo(plain.hash());
        assertThat(new PlainLoop(job).run(5_000).hash()).as("run again").isEqualTo(plain.hash());
        assertThat(new PlainLoop(new PassingJob(101, 20_000)).run(5_000).hash()).isNotEqualTo(plain.hash());
    }

    @Test
    void shouldDoAsManyEventsInBothLoops() {
        PassingJob job = new PassingJob(50, 10_000);

        Work ours = new ActorLoop(job, Schedule.random()).runOnce();
        Work plain = new PlainLoop(job).runOnce();

        assertThat(plain.faults()).isEqualTo(10_000);
        assertThat(ours.faults()).isBetween(10_000L, 10_000L + 50);
    }

    @Test
    void shouldMakeAContenderFromItsArguments() throws Exception {
        PassingJob job = new PassingJob(20, 1_000);
        for (LoopContender contender : LoopContender.values()) {
            List<String> arguments = contender.arguments(job, Schedule.pct(3, 100));
            assertThat(LoopContender.of(arguments).runOnce().faults()).as("%s", arguments).isBetween(1_000L, 1_020L);
        }
    }

    @Test
    void shouldPrintTheFiguresOthersRelyOn() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode =
                Main.run(("bench virtual-loop --rounds 1 --entities 64 --events 20000 --warm-up 1ms --measure 1ms"
                        + " --heap 128MiB --json -").split(" "), printTo(out), printTo(err));

        assertThat(exitCode).as(err.toString(StandardCharsets.UTF_8)).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        assertThat(json.get("name").textValue()).isEqualTo("virtual-loop");
        assertThat(json.get("eventsPerSecond").doubleValue()).isPositive();
        assertThat(json.get("ratioToPlainLoop").doubleValue())
                .isEqualTo(json.get("eventsPerSecond").doubleValue()
                        / json.get("plainLoopEventsPerSecond").doubleValue());
        assertThat(json.get("contenders")).hasSize(2);
    }

    @Test
    void shouldRefuseAJobThatIsNone() {
        assertThatThrownBy(() -> new PassingJob(0, 10)).isInstanceOf(InvalidInputException.class)
                .hasMessage("entities must be at least 1, not 0");
        assertThatThrownBy(() -> new PassingJob(10, 19)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not 19");
    }

    private static PrintStream printTo(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
