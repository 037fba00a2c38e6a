package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import io.faultline.registry.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy, alone and over others, driven through many interleavings with the oracle watching. */
class SoundPoliciesTest {
    private static final int SEEDS = 150;

    static Stream<String> policies() {
        var named = FlushPolicies.registry().all().stream().map(Registration::name);
        return Stream.concat(named, Stream.of("strict:1", "strict:0", "concurrent:0", "broadcast:1", "latr:2",
                "reclaim-batch:2", "luf:2", "flush-queue:2", "per-call:1", "pipelined:size=1,depth=1", "ring:1",
                "ring:size=3,timeout=1ms", "ring:100", "access-tracking:64",
                "ring:3+lazy", "ring:2+latr:3", "ring:3+broadcast", "ring:3+paravirt+lazy+concurrent",
                "ring:3+reclaim-batch:4+lazy", "ring:size=3,timeout=1ms+flush-queue:size=3", "ring:3+access-tracking",
                "flush-queue:3+pipelined:2", "paravirt+early-ack+lazy", "early-ack+concurrent", "lazy+early-ack",
                "lazy+latr:3", "paravirt+access-tracking", "per-call+broadcast", "luf:3+early-ack",
                "pipelined:2+access-tracking", "per-call+reclaim-batch", "clairvoyant:0ns",
                "clairvoyant:staleness=1ms,ceiling=1,sweep=ticks",
                "clairvoyant:ahead=no"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldNeverViolateAnInvariant(String text) {
        var policy = FlushPolicies.parse(text);
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(FlushHarness.run(policy, seed)).as("%s, seed %d", text, seed).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldReallyBeExercised(String text) {
        var harness = new FlushHarness(FlushPolicies.parse(text), 7);
        harness.runToEnd();
        assertThat(harness.accesses()).isGreaterThan(20);
        assertThat(harness.requests()).isGreaterThan(10);
    }

    @Test
    void shouldBeDeterministic() {
        for (String text : List.of("strict", "latr", "ring:3+lazy")) {
            assertThat(trace(text)).isEqualTo(trace(text));
        }
    }

    private static List<String> trace(String text) {
        var harness = new FlushHarness(FlushPolicies.parse(text), 11);
        return harness.traceToEnd();
    }
}
