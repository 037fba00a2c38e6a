package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;

import io.faultline.flush.FlushContract.Staleness;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushPoliciesTest {
    /** Loaded by its name. */
    public static final class Own extends Flaws.Like {
        /** Made without a parameter. */
        public Own() {
            this("strict");
        }

        /** Made with one. */
        public Own(String like) {
            super(FlushPolicies.parse(like));
        }
    }

    /** Not a policy that can be made. */
    public static final class Failing extends Flaws.Like {
        /** Fails. */
        public Failing() {
            super(FlushPolicies.strict());
            throw new IllegalStateException("no luck");
        }
    }

    @Test
    void shouldListEveryPolicyOfTheDesignWithOneLine() {
        assertThat(FlushPolicies.registry().all()).extracting(Registration::name)
                .containsExactly("strict",
                        "concurrent", "reclaim-batch", "lazy", "broadcast", "paravirt", "latr", "access-tracking",
                        "early-ack",
                        "luf", "flush-queue", "per-call", "pipelined", "ring", "clairvoyant");
        for (Registration<FlushPolicy> each : FlushPolicies.registry().all()) {
            assertThat(FlushPolicies.parse(each.name()).name()).isEqualTo(each.name());
        }
    }

    @Test
    void shouldPutOnePolicyOverAnother() {
        assertThat(FlushPolicies.parse("ring:size=8,timeout=1ms+paravirt+lazy+concurrent:7"))
                .isEqualTo(new RingPolicy(8, 1_000_000,
                        new ParavirtPolicy(new LazyPolicy(new ConcurrentPolicy(7)))));
        assertThat(FlushPolicies.parse("luf")).isEqualTo(new LufPolicy(4096, FlushPolicies.strict()));
        assertThat(FlushPolicies.parse("luf:ceiling=0")).isEqualTo(new LufPolicy(4096, FlushPolicies.strict(0)));
    }

    @Test
    void shouldDeclareWhatIsDeferredOnlyWhereItIs() {
        var none = List.of("strict", "concurrent", "lazy", "broadcast", "paravirt", "access-tracking", "early-ack",
                "per-call", "paravirt+lazy");
        none.forEach(name -> assertThat(FlushPolicies.parse(name).contract()).as(name).isEqualTo(FlushContract.STRICT));
        for (String name : List.of("reclaim-batch", "latr", "flush-queue", "pipelined")) {
            var contract = FlushPolicies.parse(name).contract();
            assertThat(contract.kinds()).as(name).containsExactly(ChangeKind.UNMAP);
            assertThat(contract.exemptions()).as(name).isEmpty();
        }
        assertThat(FlushPolicies.parse("latr").contract().staleness()).isEqualTo(new Staleness.Ticks(1));
        assertThat(FlushPolicies.parse("flush-queue").contract().staleness())
                .isEqualTo(new Staleness.Within(10_000_000));
        assertThat(FlushPolicies.parse("luf").contract().kinds()).isEmpty();
        assertThat(FlushPolicies.parse("luf").contract().kindsIfReadOnly()).containsExactly(ChangeKind.UNMAP);
        assertThat(FlushPolicies.parse("ring+latr").contract().kinds())
                .containsExactly(ChangeKind.UNMAP, ChangeKind.MOVE);
    }

    @Test
    void shouldSayWhatAPolicyNeedsOfItsHost() {
        assertThat(FlushPolicies.parse("lazy").duties()).isEmpty();
        assertThat(FlushPolicies.parse("ring+latr").duties()).isEqualTo(Set.of(HostDuty.TICKS));
        assertThat(FlushPolicies.parse("access-tracking").duties()).isEqualTo(Set.of(HostDuty.WALKS));
        assertThat(FlushPolicies.parse("per-call+broadcast").duties())
                .isEqualTo(Set.of(HostDuty.BROADCASTS, HostDuty.OPERATIONS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "strict+ring | strict flushes by itself, so nothing can follow it; write ring+strict",
        "strict+latr | write only one of the two",
        "lazy+access-tracking | lazy over access-tracking would be unsafe",
        "lazy+broadcast | lazy over broadcast would be unsafe",
        "ring:ceiling=4+lazy | the ceiling is that of the policy that flushes, lazy",
        "ring+ | unknown flush policy \"\"",
        "ring+lax | unknown flush policy \"lax\"",
        "luf:size=3 | unknown key \"size\": known are pending, ceiling",
        "access-tracking:1 | filter must be a whole number of 64 to",
        "com.example.Nowhere | flush policy \"com.example.Nowhere\": no such class on the class path",
        "java.lang.String | does not implement io.faultline.flush.FlushPolicy",
        "io.faultline.flush.StrictPolicy | no public constructor that takes nothing",
        "io.faultline.flush.StrictPolicy:7 | no public constructor that takes a String, which \"7\" would be given to",
        "io.faultline.flush.GatheringInitiator | does not implement",
        "io.faultline.flush.FlushPoliciesTest$Failing | its constructor failed: java.lang.IllegalStateException: no luck"})
    void shouldRefuseInOneClearLineWhatMakesNoPolicy(String text, String message) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> FlushPolicies.parse(text))
                .withMessageContaining(message);
    }

    @Test
    void shouldLoadAPolicyOfTheUsersByItsClass() {
        assertThat(FlushPolicies.parse(Own.class.getName()).name()).isEqualTo("flawed strict");
        assertThat(FlushPolicies.parse(Own.class.getName() + ":luf:9").name()).isEqualTo("flawed luf");
        assertThat(FlushPolicies.parse("ring:2+" + Own.class.getName())).isInstanceOf(RingPolicy.class);
    }
}
