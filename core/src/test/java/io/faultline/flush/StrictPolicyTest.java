package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StrictPolicyTest {
    private static final int ASID = 5;
    private static final int OTHER = 6;

    private final FlushDomain domain = new FlushDomain(100);
    private final FlushSpace space = domain.space(ASID);
    private final FlushPolicy policy = FlushPolicies.strict();
    private final RecordingHost host = new RecordingHost();
    private final Initiator initiator = policy.initiator(0, domain, host);

    private CpuPart cpu(int number, RecordingHost port, int asid) {
        var part = policy.cpuPart(number, domain, port);
        part.switchBegins(asid);
        part.switchEnds();
        return part;
    }

    private FlushRequest unmap(long id, long pages) {
        space.changeBegins();
        return FlushRequest.of(id, ASID, ChangeKind.UNMAP, 0x10000, 0x10000 + pages * 4096).build();
    }

    @Test
    void shouldFinishAtOnceWhenNoCpuIsInTheAddressSpace() {
        cpu(3, new RecordingHost(), OTHER);
        initiator.request(unmap(1, 1));
        assertThat(host.take()).containsExactly("settled 1", "complete 1", "release 1");
        assertThat(initiator.unsettled()).isZero();
        assertThat(space.changesInFlight()).isZero();
    }

    @Test
    void shouldInterruptEveryCpuOfTheSpaceAndFinishWithTheLastAnswer() {
        for (int number : new int[]{2, 70, 99}) {
            cpu(number, new RecordingHost(), ASID);
        }
        initiator.request(unmap(1, 1));
        assertThat(host.take()).containsExactly("ipi 2", "ipi 70", "ipi 99");
        long ticket = host.lastCommand().ticket();
        initiator.acknowledged(99, ticket);
        initiator.acknowledged(2, ticket);
        initiator.acknowledged(2, ticket);
        assertThat(host.take()).isEmpty();
        assertThat(initiator.unsettled()).isEqualTo(1);
        initiator.acknowledged(70, ticket);
        assertThat(host.take()).containsExactly("settled 1", "complete 1", "release 1");
    }

    @Test
    void shouldFlushItsOwnCpuFirstWithoutAnInterrupt() {
        cpu(0, new RecordingHost(), ASID);
        cpu(1, new RecordingHost(), ASID);
        space.changeBegins();
        initiator.request(FlushRequest.of(1, ASID, ChangeKind.PROTECT, 0, 4096).cpu(1).build());
        assertThat(host.take()).containsExactly("self 1", "ipi 0");
    }

    @Test
    void shouldKeepRequestsInFlightApart() {
        cpu(0, new RecordingHost(), ASID);
        initiator.request(unmap(1, 1));
        long first = host.lastCommand().ticket();
        initiator.request(unmap(2, 1));
        long second = host.lastCommand().ticket();
        host.take();
        initiator.acknowledged(0, second);
        assertThat(host.take()).containsExactly("settled 2", "complete 2", "release 2");
        initiator.acknowledged(0, first);
        assertThat(host.take()).containsExactly("settled 1", "complete 1", "release 1");
    }

    @ParameterizedTest
    @CsvSource({"1,false", "33,false", "34,true", "100000,true"})
    void shouldInvalidatePageByPageUpToTheCeiling(long pages, boolean full) {
        var port = new RecordingHost();
        var part = cpu(0, port, ASID);
        initiator.request(unmap(1, pages));
        part.ipi(host.lastCommand());
        assertThat(port.take()).containsExactly(
                full ? "flush 5" : "invalidate 5 10000.." + Long.toHexString(0x10000 + pages * 4096), "acknowledge 1");
        assertThat(part.localGeneration(ASID)).isEqualTo(space.generation());
    }

    @Test
    void shouldCountPagesOfTheStride() {
        cpu(0, new RecordingHost(), ASID);
        space.changeBegins();
        initiator.request(FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 33L << 21).strideShift(21).build());
        assertThat(host.lastCommand().isFull()).isFalse();
        space.changeBegins();
        initiator.request(FlushRequest.of(2, ASID, ChangeKind.UNMAP, 0, 34L << 21).strideShift(21).build());
        assertThat(host.lastCommand().isFull()).isTrue();
    }

    /** Race R7: the handler of the later, partial flush runs before that of the earlier, full one. */
    @Test
    void shouldFlushEverythingWhenInterruptsOvertakeEachOther() {
        var port = new RecordingHost();
        var part = cpu(0, port, ASID);
        initiator.request(unmap(1, 1000));
        var earlier = host.lastCommand();
        initiator.request(unmap(2, 1));
        var later = host.lastCommand();
        part.ipi(later);
        assertThat(port.take()).containsExactly("flush 5", "acknowledge 2");
        part.ipi(earlier);
        assertThat(port.take()).as("it was flushed already").containsExactly("acknowledge 1");
    }

    @Test
    void shouldFlushEverythingWhenAnotherChangeIsKnownToBeOnItsWay() {
        var port = new RecordingHost();
        var part = cpu(0, port, ASID);
        initiator.request(unmap(1, 1));
        var command = host.lastCommand();
        space.advance();
        part.ipi(command);
        assertThat(port.take()).containsExactly("flush 5", "acknowledge 1");
    }

    @Test
    void shouldCatchUpWhenACpuComesBackToTheAddressSpace() {
        var port = new RecordingHost();
        var part = cpu(0, port, ASID);
        part.switchBegins(OTHER);
        part.switchEnds();
        initiator.request(unmap(1, 1));
        assertThat(host.take()).as("nobody is in the address space").contains("complete 1");
        part.switchBegins(ASID);
        assertThat(port.take()).containsExactly("flush 5");
        part.switchEnds();
        part.switchBegins(OTHER);
        part.switchEnds();
        part.switchBegins(ASID);
        assertThat(port.take()).as("nothing happened meanwhile").isEmpty();
    }

    /** Race R5: a CPU in the middle of switching is a target. */
    @Test
    void shouldInterruptACpuThatIsSwitchingIn() {
        var part = policy.cpuPart(7, domain, new RecordingHost());
        part.switchBegins(ASID);
        assertThat(domain.words().loaded(7)).isEqualTo(CpuWords.SWITCHING);
        initiator.request(unmap(1, 1));
        assertThat(host.take()).containsExactly("ipi 7");
    }

    /** Race R3: nothing was present because another's flush of it is still on its way. */
    @Test
    void shouldFlushForARequestThatFoundNothingWhileAnotherChangeIsInFlight() {
        cpu(0, new RecordingHost(), ASID);
        space.changeBegins();
        space.changeBegins();
        initiator.request(
                FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 4096).pagesPresent(0).synchronous().build());
        assertThat(host.take()).containsExactly("ipi 0");
    }

    @Test
    void shouldNotFlushForARequestThatFoundNothingOnItsOwn() {
        cpu(0, new RecordingHost(), ASID);
        space.changeBegins();
        initiator.request(FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 4096).pagesPresent(0).build());
        space.changeBegins();
        initiator.request(FlushRequest.of(2, ASID, ChangeKind.BARRIER, 0, 4096).build());
        assertThat(host.take()).doesNotContain("ipi 0").contains("complete 1", "complete 2");
    }

    @Test
    void shouldFlushWhenTablesAreFreedWhateverWasPresent() {
        cpu(0, new RecordingHost(), ASID);
        space.changeBegins();
        initiator.request(
                FlushRequest.of(1, ASID, ChangeKind.FREE_TABLE, 0, 4096).pagesPresent(0).tablesFreed().build());
        assertThat(host.take()).containsExactly("ipi 0");
    }

    @ParameterizedTest
    @EnumSource(ChangeKind.class)
    void shouldFlushForEveryKindThatLeavesStaleTranslations(ChangeKind kind) {
        cpu(0, new RecordingHost(), ASID);
        space.changeBegins();
        space.changeBegins();
        initiator.request(FlushRequest.of(1, ASID, kind, 0, 4096)
                .direction(kind == ChangeKind.MOVE ? Direction.OUT_OF_APP : Direction.NONE)
                .build());
        assertThat(host.take().contains("ipi 0")).isEqualTo(kind.leavesStaleTranslations());
    }

    @Test
    void shouldSayWhenAChangeWasNotAnnounced() {
        assertThatThrownBy(() -> initiator.request(FlushRequest.of(1, ASID, ChangeKind.UNMAP, 0, 4096).build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("changeBegins");
    }

    @Test
    void shouldDeferNothing() {
        assertThat(policy.contract()).isEqualTo(FlushContract.STRICT);
        assertThatThrownBy(() -> FlushPolicies.strict(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
