package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;

/** What the parts share, and the small things around a request. */
class FlushDomainTest {
    private final FlushDomain domain = new FlushDomain(130);

    @Test
    void shouldHandOutTheSameSpaceForTheSameTag() {
        assertThat(domain.space(3)).isSameAs(domain.space(3)).isNotSameAs(domain.space(4));
        assertThat(domain.space(3).advance()).isEqualTo(FlushSpace.GENERATION_FIRST + 1);
        assertThat(domain.space(4).generation()).isEqualTo(FlushSpace.GENERATION_FIRST);
    }

    @Test
    void shouldKeepAMaskOfAnySize() {
        var mask = domain.space(1).cpus();
        for (int cpu : new int[]{0, 63, 64, 129}) {
            mask.set(cpu);
            mask.set(cpu);
        }
        mask.clear(63);
        mask.clear(62);
        assertThat(mask.contains(129)).isTrue();
        assertThat(mask.contains(63)).isFalse();
        assertThat(mask).hasToString("{0, 64, 129}");
        var copy = mask.snapshot();
        mask.set(5);
        assertThat(copy.get(5)).isFalse();
    }

    @Test
    void shouldChangeFlagsOnlyAsExpected() {
        var words = domain.words();
        words.setFlags(9, CpuWords.PREEMPTED);
        words.setFlags(9, CpuWords.LAZY);
        int seen = words.flags(9);
        assertThat(words.clearFlags(9, CpuWords.LAZY)).isEqualTo(CpuWords.PREEMPTED | CpuWords.LAZY);
        assertThat(words.compareAndSetFlags(9, seen, CpuWords.FLUSH_ON_ENTRY)).as("it changed since").isFalse();
        assertThat(words.isPreempted(9)).isTrue();
        assertThat(words.isLazy(9)).isFalse();
        assertThat(words.isPreempted(8)).isFalse();
    }

    @Test
    void shouldKeepLogRecordsInARing() {
        var log = domain.addInitiatorLog(7, 3);
        for (int round = 0; round < 5; round++) {
            while (!log.isFull()) {
                long tail = log.tail();
                assertThat(log.append(round, tail, tail + 1, tail + 2, tail + 3)).isEqualTo(tail);
            }
            assertThat(log.tail() - log.head()).isEqualTo(3);
            for (long position = log.head(); position < log.tail(); position++) {
                assertThat(log.generation(position)).isEqualTo(position);
                assertThat(log.start(position)).isEqualTo(position + 1);
                assertThat(log.end(position)).isEqualTo(position + 2);
                assertThat(log.ticket(position)).isEqualTo(position + 3);
            }
            assertThatThrownBy(() -> log.append(0, 0, 0, 0, 0)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("full with 3");
            log.trim(log.head() + 2);
        }
        assertThat(log.asid(log.tail() - 1)).isEqualTo(4);
        assertThat(domain.initiatorLogs()).containsExactly(log);
        assertThat(log.owner()).isEqualTo(7);
    }

    @Test
    void shouldKeepALogPerCpu() {
        assertThat(domain.walkFilter(2, 64)).isSameAs(domain.walkFilter(2)).isNotSameAs(domain.walkFilter(1, 64));
        assertThat(domain.walkFilter(3)).isNull();
    }

    @Test
    void shouldEndARoundWithItsLastAnswerOnly() {
        var rounds = new AckRounds<String>();
        var cpus = new BitSet();
        cpus.set(1, 3);
        long ticket = rounds.nextTicket();
        rounds.open(ticket, cpus, "waiting");
        assertThat(rounds.acknowledged(5, ticket)).isNull();
        assertThat(rounds.acknowledged(1, ticket)).isNull();
        assertThat(rounds.missing(ticket)).hasToString("{2}");
        assertThat(rounds.acknowledged(2, ticket)).isEqualTo("waiting");
        assertThat(rounds.acknowledged(2, ticket)).isNull();
        assertThat(rounds.missing(ticket).isEmpty()).isTrue();
        assertThat(rounds.size()).isZero();
        assertThatThrownBy(() -> rounds.open(9, new BitSet(), "nobody")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldDeferByKindAndDirectionAndNeverWhatIsSynchronousOrFreesTables() {
        var contract = new FlushContract(EnumSet.of(ChangeKind.MOVE, ChangeKind.UNMAP), Set.of(Direction.INTO_APP),
                new FlushContract.Staleness.Within(5), Set.of());
        assertThat(contract.mayDefer(move(Direction.INTO_APP).build())).isTrue();
        assertThat(contract.mayDefer(move(Direction.OUT_OF_APP).build())).isFalse();
        assertThat(contract.mayDefer(move(Direction.INTO_APP).synchronous().build())).isFalse();
        assertThat(contract.mayDefer(of(ChangeKind.UNMAP).build())).isTrue();
        assertThat(contract.mayDefer(of(ChangeKind.UNMAP).tablesFreed().build())).isFalse();
        assertThat(contract.mayDefer(of(ChangeKind.PROTECT).build())).isFalse();
        assertThat(FlushContract.STRICT.mayDefer(of(ChangeKind.UNMAP).build())).isFalse();
    }

    @Test
    void shouldComposeContracts() {
        var ring = new FlushContract(Set.of(ChangeKind.MOVE), Set.of(Direction.INTO_APP),
                new FlushContract.Staleness.Within(5), Set.of(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE));
        var latr =
                new FlushContract(Set.of(ChangeKind.UNMAP), Set.of(), new FlushContract.Staleness.Ticks(1), Set.of());
        var both = ring.over(latr);
        assertThat(both.mayDefer(of(ChangeKind.UNMAP).build())).isTrue();
        assertThat(both.mayDefer(move(Direction.OUT_OF_APP).build())).isFalse();
        assertThat(both.isExempt(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE)).isTrue();
        assertThat(both.staleness()).as("no bound in common").isEqualTo(new FlushContract.Staleness.UntilReuse());
        assertThat(ring.over(FlushContract.STRICT).staleness()).isEqualTo(ring.staleness());
        assertThat(FlushContract.STRICT.over(latr).staleness()).isEqualTo(latr.staleness());
        assertThat(new FlushContract.Staleness.Within(5).join(new FlushContract.Staleness.Within(7)))
                .isEqualTo(new FlushContract.Staleness.Within(7));
    }

    @Test
    void shouldDeferSomeKindsOnlyWhenNothingWasWritable() {
        var luf = new FlushContract(Set.of(), EnumSet.of(ChangeKind.UNMAP), Set.of(),
                new FlushContract.Staleness.UntilReuse(), Set.of());
        assertThat(luf.mayDefer(of(ChangeKind.UNMAP).pagesWritable(0).build())).isTrue();
        assertThat(luf.mayDefer(of(ChangeKind.UNMAP).pagesWritable(1).build())).isFalse();
        assertThat(luf.mayDefer(of(ChangeKind.PROTECT).pagesWritable(0).build())).isFalse();
    }

    @Test
    void shouldRefuseRequestsThatMakeNoSense() {
        assertThatThrownBy(() -> FlushRequest.of(1, 1, ChangeKind.UNMAP, 4096, 4096).build())
                .hasMessageContaining("request 1")
                .hasMessageContaining("0x1000");
        assertThatThrownBy(() -> of(ChangeKind.MOVE).build()).hasMessageContaining("direction");
        assertThatThrownBy(() -> of(ChangeKind.UNMAP).direction(Direction.INTO_APP).build())
                .hasMessageContaining("UNMAP INTO_APP");
        assertThatThrownBy(() -> of(ChangeKind.UNMAP).strideShift(4096).build()).hasMessageContaining("4096");
    }

    @Test
    void shouldAssumeTheMostCautiousOfWhatIsNotSaid() {
        var request = FlushRequest.of(1, 1, ChangeKind.UNMAP, 4095, 8193).build();
        assertThat(request.strides()).isEqualTo(3);
        assertThat(request.pagesPresent()).isEqualTo(3);
        assertThat(request.pagesAccessed()).isEqualTo(3);
        assertThat(request.pagesWritable()).isEqualTo(3);
        var known = of(ChangeKind.UNMAP).pagesPresent(2).pagesWritable(0).framesFreed(4).build();
        assertThat(known.pagesAccessed()).isEqualTo(2);
        assertThat(known.pagesWritable()).isZero();
        assertThat(known.quarantinedPages()).isEqualTo(4);
        assertThat(move(Direction.INTO_APP).build().quarantinedPages()).isEqualTo(1);
    }

    @Test
    void shouldMakePoliciesByName() {
        assertThat(FlushPolicies.registry().create("strict")).isEqualTo(new StrictPolicy(33));
        assertThat(FlushPolicies.registry().create("strict:ceiling=64")).isEqualTo(new StrictPolicy(64));
        assertThatThrownBy(() -> FlushPolicies.registry().create("strict:size=1"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FlushPolicies.registry().create("lax")).isInstanceOf(InvalidInputException.class);
    }

    private static FlushRequestBuilder of(ChangeKind kind) {
        return FlushRequest.of(1, 1, kind, 0, 4096);
    }

    private static FlushRequestBuilder move(Direction direction) {
        return of(ChangeKind.MOVE).direction(direction);
    }
}
