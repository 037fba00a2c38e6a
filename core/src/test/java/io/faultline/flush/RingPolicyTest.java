package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.flush.FlushContract.Exemption;
import io.faultline.flush.FlushContract.Staleness;
import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RingPolicyTest {
    private static final int ASID = 5;
    private static final int OTHER = 6;
    private static final long TIMEOUT_NANOS = 1_000_000;

    private final FlushDomain domain = new FlushDomain(8);
    private final RecordingHost host = new RecordingHost();

    /** A ring, and CPU 0 in both address spaces' masks. */
    private Initiator ring(FlushPolicy policy) {
        for (int asid : new int[]{ASID, OTHER}) {
            domain.space(asid).cpus().set(0);
        }
        return policy.initiator(0, domain, host);
    }

    private FlushRequestBuilder move(long id, int asid, Direction direction) {
        domain.space(asid).changeBegins();
        return FlushRequest.of(id, asid, ChangeKind.MOVE, id << 12, (id + 1) << 12).direction(direction);
    }

    private FlushRequest intoApp(long id) {
        return move(id, ASID, Direction.INTO_APP).build();
    }

    private void acknowledge(Initiator initiator) {
        initiator.acknowledged(0, host.lastCommand().ticket());
    }

    @Test
    void shouldCompleteAMoveIntoTheApplicationAtOnceAndKeepItsRange() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(intoApp(1));
        initiator.request(intoApp(2));

        assertThat(host.take()).containsExactly("complete 1", "complete 2");
        assertThat(initiator.unsettled()).isEqualTo(2);
        assertThat(domain.space(ASID).changesInFlight()).isEqualTo(2);
    }

    @Test
    void shouldFlushAllRangesAtOnceWhenTheLastSlotIsTaken() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        for (long id : List.of(7L, 4L, 5L)) {
            initiator.request(intoApp(id));
        }

        assertThat(host.take()).containsExactly("complete 7", "complete 4", "complete 5", "ipi 0");
        assertThat(host.lastCommand()).extracting(FlushCommand::start, FlushCommand::end)
                .containsExactly(4L << 12, 8L << 12);
        assertThat(initiator.unsettled()).isEqualTo(3);

        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 7", "settled 4", "settled 5", "release 7", "release 4",
                "release 5");
        assertThat(initiator.unsettled()).isZero();
        assertThat(domain.space(ASID).changesInFlight()).isZero();
    }

    @Test
    void shouldKeepAMoverWaitingWhileEverySlotIsTaken() {
        Initiator initiator = ring(FlushPolicies.ring(2));
        for (long id = 1; id <= 5; id++) {
            initiator.request(intoApp(id));
        }
        assertThat(host.take()).as("3 to 5 find no slot").containsExactly("complete 1", "complete 2", "ipi 0");
        assertThat(initiator.unsettled()).isEqualTo(5);

        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 1", "settled 2", "release 1", "release 2", "complete 3",
                "complete 4", "ipi 0");
        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 3", "settled 4", "release 3", "release 4", "complete 5");
        assertThat(initiator.unsettled()).isEqualTo(1);
    }

    @Test
    void shouldFlushAMoveOutOfTheApplicationBeforeItCompletes() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(intoApp(1));
        initiator.request(move(2, ASID, Direction.OUT_OF_APP).build());

        assertThat(host.take()).containsExactly("complete 1", "ipi 0");
        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 2", "complete 2", "release 2");
        assertThat(initiator.unsettled()).as("what is in the ring stays there").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = ChangeKind.class, mode = EnumSource.Mode.EXCLUDE, names = "MOVE")
    void shouldDeferNoOtherKind(ChangeKind kind) {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(intoApp(1));
        host.take();
        domain.space(ASID).changeBegins();
        initiator.request(FlushRequest.of(2, ASID, kind, 0x2000, 0x3000).build());

        assertThat(host.take().getFirst()).isEqualTo(kind.leavesStaleTranslations() ? "ipi 0" : "settled 2");
    }

    @Test
    void shouldDeferNothingThatMustNotWait() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(move(1, ASID, Direction.INTO_APP).synchronous().build());
        initiator.request(move(2, ASID, Direction.INTO_APP).tablesFreed().build());

        assertThat(host.take()).containsExactly("ipi 0", "ipi 0");
    }

    @Test
    void shouldSpendNoSlotOnAMoveThatFoundNothing() {
        Initiator initiator = ring(FlushPolicies.ring(1));
        initiator.request(move(1, ASID, Direction.INTO_APP).pagesPresent(0).build());

        assertThat(host.take()).containsExactly("settled 1", "complete 1", "release 1");
    }

    @Test
    void shouldFlushForWhoeverFindsNothingPresentWhileTheRingHoldsChanges() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(intoApp(1));
        host.take();
        domain.space(ASID).changeBegins();
        initiator.request(FlushRequest.of(2, ASID, ChangeKind.UNMAP, 1 << 12, 2 << 12).pagesPresent(0).build());

        assertThat(host.take()).as("race R3: CPU 0 may still hold the entry that 2 did not find")
                .containsExactly("ipi 0");
    }

    @Test
    void shouldFlushWhenARangeIsWantedAgain() {
        Initiator initiator = ring(FlushPolicies.ring(8));
        var wanted = intoApp(1);
        initiator.request(wanted);
        initiator.request(intoApp(2));
        host.take();

        initiator.reuseWanted(wanted);
        assertThat(host.take()).containsExactly("ipi 0");
        initiator.reuseWanted(wanted);
        assertThat(host.take()).as("it is on its way").isEmpty();
        acknowledge(initiator);
        assertThat(host.take()).contains("release 1", "release 2");
        initiator.reuseWanted(wanted);
        assertThat(host.take()).as("it was released").isEmpty();
    }

    @Test
    void shouldFlushARangeThatStandsInLineWhenItIsWantedAgain() {
        Initiator initiator = ring(FlushPolicies.ring(1));
        initiator.request(intoApp(1));
        long first = host.lastCommand().ticket();
        var wanted = intoApp(2);
        initiator.request(wanted);
        host.take();

        initiator.reuseWanted(wanted);
        assertThat(host.take()).containsExactly("complete 2", "ipi 0");
        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 2", "release 2");
        initiator.acknowledged(0, first);
        assertThat(host.take()).containsExactly("settled 1", "release 1");
        assertThat(initiator.unsettled()).isZero();
    }

    @Test
    void shouldFlushEverythingWhenDrained() {
        Initiator initiator = ring(FlushPolicies.ring(2));
        for (long id = 1; id <= 3; id++) {
            initiator.request(intoApp(id));
        }
        long full = host.lastCommand().ticket();
        host.take();

        initiator.drain();
        assertThat(host.take()).containsExactly("complete 3", "ipi 0");
        acknowledge(initiator);
        initiator.acknowledged(0, full);
        assertThat(initiator.unsettled()).isZero();
        assertThat(domain.space(ASID).changesInFlight()).isZero();
    }

    @Test
    void shouldFlushEachAddressSpaceOnItsOwn() {
        Initiator initiator = ring(FlushPolicies.ring(3));
        initiator.request(move(1, OTHER, Direction.INTO_APP).build());
        initiator.request(move(2, ASID, Direction.INTO_APP).build());
        initiator.request(move(3, OTHER, Direction.INTO_APP).build());

        assertThat(host.take()).containsExactly("complete 1", "complete 2", "complete 3", "ipi 0", "ipi 0");
        assertThat(host.lastCommand().asid()).isEqualTo(ASID);
        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 2", "release 2");
    }

    @Test
    void shouldNotMakeAnyoneWaitWhenNobodyHoldsTranslations() {
        Initiator initiator = FlushPolicies.ring(2).initiator(0, domain, host);
        for (long id = 1; id <= 4; id++) {
            initiator.request(intoApp(id));
        }
        assertThat(host.take()).containsExactly("complete 1", "complete 2", "settled 1", "settled 2", "release 1",
                "release 2", "complete 3", "complete 4", "settled 3", "settled 4", "release 3", "release 4");
    }

    @Test
    void shouldFlushOnTheMoversCpuWithoutAnInterrupt() {
        Initiator initiator = ring(FlushPolicies.ring(2));
        initiator.request(move(1, ASID, Direction.INTO_APP).cpu(0).build());
        initiator.request(move(2, ASID, Direction.INTO_APP).cpu(0).build());
        assertThat(host.take()).contains("self 0");

        acknowledge(initiator);
        initiator.request(move(3, ASID, Direction.INTO_APP).cpu(0).build());
        initiator.request(move(4, ASID, Direction.INTO_APP).cpu(1).build());
        assertThat(host.take()).as("moved on two CPUs").contains("ipi 0");
    }

    @ParameterizedTest
    @CsvSource({"33,false", "34,true"})
    void shouldFlushEverythingAboveTheCeiling(int ranges, boolean full) {
        Initiator initiator = ring(FlushPolicies.ring(ranges));
        for (long id = 1; id <= ranges; id++) {
            initiator.request(intoApp(id));
        }
        assertThat(host.lastCommand().isFull()).isEqualTo(full);
    }

    @Test
    void shouldFlushWhenTheTimeIsUpUnlessThoseRangesWereFlushedBefore() {
        Initiator initiator = ring(new RingPolicy(2, TIMEOUT_NANOS, FlushPolicies.strict()));
        initiator.request(intoApp(1));
        String firstTimer = host.take().getFirst();
        assertThat(firstTimer).startsWith("timer ");
        initiator.request(intoApp(2));
        acknowledge(initiator);
        initiator.request(intoApp(3));
        List<String> effects = host.take();
        String secondTimer = effects.get(effects.size() - 2);
        assertThat(secondTimer).startsWith("timer ").isNotEqualTo(firstTimer);

        initiator.timer(number(firstTimer));
        assertThat(host.take()).as("1 and 2 are flushed long since").isEmpty();
        initiator.timer(number(secondTimer));
        assertThat(host.take()).containsExactly("ipi 0");
        acknowledge(initiator);
        assertThat(host.take()).containsExactly("settled 3", "release 3");
        initiator.timer(number(secondTimer));
        assertThat(host.take()).isEmpty();
    }

    private static long number(String effect) {
        return Long.parseLong(effect.substring(effect.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @CsvSource({"1,240", "8,30", "240,1"})
    void shouldInterruptOncePerRingOfMoves(int ranges, long ipis) {
        var statistics = new FlushStatistics();
        Initiator initiator = ring(statistics.measuring(FlushPolicies.ring(ranges), () -> 0));
        for (long id = 1; id <= 240; id++) {
            initiator.request(intoApp(id));
            if (id % ranges == 0) {
                acknowledge(initiator);
            }
        }
        assertThat(statistics.ipis()).isEqualTo(ipis);
        assertThat(statistics.quarantinePeakPages()).isEqualTo(ranges);
        assertThat(initiator.unsettled()).isZero();
    }

    /** The safety oracle has something to watch: see SoundPoliciesTest and FlawedPoliciesTest. */
    @Test
    void shouldReallyDeferInTheHarness() {
        var deferred = new AtomicInteger();
        for (long seed = 1; seed <= 100; seed++) {
            FlushHarness.run(new CountingRing(FlushPolicies.ring(3), deferred), seed);
        }
        assertThat(deferred.get()).isGreaterThan(40);
    }

    /** Counts what is complete before it is settled. */
    private record CountingRing(FlushPolicy ring, AtomicInteger deferred) implements FlushPolicy {
        @Override
        public String name() {
            return ring.name();
        }

        @Override
        public FlushContract contract() {
            return ring.contract();
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return ring.initiator(id, domain, new ForwardingInitiatorPort(port) {
                private final Set<Long> settled = new HashSet<>();

                @Override
                public void settled(FlushRequest request) {
                    settled.add(request.id());
                    super.settled(request);
                }

                @Override
                public void complete(FlushRequest request) {
                    if (!settled.contains(request.id())) {
                        deferred.incrementAndGet();
                    }
                    super.complete(request);
                }
            });
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return ring.cpuPart(cpu, domain, port);
        }
    }

    @Test
    void shouldDeclareWhatItDefersAndForHowLong() {
        FlushContract contract = FlushPolicies.ring(64).contract();
        assertThat(contract.kinds()).containsExactly(ChangeKind.MOVE);
        assertThat(contract.directions()).containsExactly(Direction.INTO_APP);
        assertThat(contract.exemptions()).containsExactly(Exemption.MOVE_SOURCE_UNREACHABLE);
        assertThat(contract.staleness()).isEqualTo(new Staleness.UntilReuse());
        assertThat(new RingPolicy(64, TIMEOUT_NANOS, FlushPolicies.strict()).contract().staleness())
                .isEqualTo(new Staleness.Within(TIMEOUT_NANOS));
    }

    @Test
    void shouldBeChosenByName() {
        var registry = FlushPolicies.registry();
        assertThat(registry.create("ring")).isEqualTo(FlushPolicies.ring(64));
        assertThat(registry.create("ring:8")).isEqualTo(FlushPolicies.ring(8));
        assertThat(registry.create("ring:size=8,timeout=1ms,ceiling=7"))
                .isEqualTo(new RingPolicy(8, TIMEOUT_NANOS, FlushPolicies.strict(7)))
                .hasToString("ring of 8 within 1.00 ms over StrictPolicy[ceilingPages=7]");
        assertThat(registry.create("ring").name()).isEqualTo("ring");
    }

    @Test
    void shouldRefuseNumbersThatMakeNoRing() {
        for (String text : List.of("ring:0", "ring:size=-1", "ring:size=x", "ring:timeout=0ms", "ring:timeout=5",
                "ring:ceiling=-1", "ring:depth=3")) {
            assertThatExceptionOfType(InvalidInputException.class).as(text)
                    .isThrownBy(() -> FlushPolicies.registry().create(text));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> FlushPolicies.ring(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingPolicy(1, -1, FlushPolicies.strict()));
    }
}
