package io.faultline.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushContract.Exemption;
import io.faultline.flush.FlushContract.Staleness;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.tlb.Tlb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each invariant, held and violated on purpose. */
class SafetyOracleTest {
    private static final int ASID = 1;
    private static final int OTHER = 2;
    private static final long PAGE = 0x40_0000_0000L;
    private static final long END = PAGE + 4096;
    private static final long FRAME = 262_144;

    private long now;
    private SafetyOracle oracle = SafetyOracle.checking(() -> now, FlushContract.STRICT);
    private Tlb tlb0;
    private Tlb tlb1;

    @BeforeEach
    void attach() {
        tlb0 = new Tlb(16);
        tlb1 = new Tlb(16);
        tlb0.observer(oracle.tlbObserver(0));
        tlb1.observer(oracle.tlbObserver(1));
    }

    private void use(SafetyOracle other) {
        oracle = other;
        attach();
    }

    private static SafetyOracle exempting(Exemption exemption) {
        return SafetyOracle.checking(() -> 0,
                new FlushContract(Set.of(), Set.of(), new Staleness.UntilReuse(), EnumSet.of(exemption)));
    }

    private void expectOnly(Invariant invariant, int... cpus) {
        assertThat(oracle.violations()).hasSize(1);
        assertThat(oracle.violationCount()).isEqualTo(1);
        var violation = oracle.violations().getFirst();
        assertThat(violation.invariant()).isEqualTo(invariant);
        assertThat(violation.cpus()).containsExactly(Arrays.stream(cpus).boxed().toArray(Integer[]::new));
        assertThat(violation.text()).startsWith(invariant + ": CPU " + violation.cpus());
    }

    private void expectNone() {
        assertThat(oracle.violations()).isEmpty();
        assertThat(oracle.violationCount()).isZero();
    }

    @Test
    void o1ShouldHoldWhileTheFlushIsStillOnItsWay() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.accessed(0, ASID, PAGE, true);
        expectNone();
    }

    @Test
    void o1ShouldHoldWhenTheEntryWasDroppedOrFilledAfterTheChange() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        long change = oracle.changed(ASID, PAGE, END);
        tlb0.invalidate(ASID, PAGE, END);
        tlb0.fill(ASID, PAGE, 0, FRAME + 1, true, true);
        tlb1.fill(ASID, PAGE, 0, FRAME + 1, true, true);
        oracle.flushed(ASID, PAGE, END, change);
        oracle.accessed(0, ASID, PAGE, true);
        oracle.accessed(1, ASID, PAGE, false);
        expectNone();
    }

    @Test
    void o1ShouldHoldForPagesAndSpacesBesideTheRange() {
        tlb0.fill(ASID, END, 0, FRAME, true, true);
        tlb0.fill(OTHER, PAGE, 0, FRAME, true, true);
        long change = oracle.changed(ASID, PAGE, END);
        oracle.flushed(ASID, PAGE, END, change);
        oracle.accessed(0, ASID, END, true);
        oracle.accessed(0, OTHER, PAGE, true);
        expectNone();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void o1ShouldBreakWhenAFlushIsReportedDoneAndTheEntryIsStillUsed(int sizeIndex) {
        now = 100;
        tlb0.fill(ASID, PAGE, sizeIndex, FRAME, true, true);
        tlb1.fill(ASID, PAGE, sizeIndex, FRAME, true, true);
        now = 200;
        long change = oracle.changed(ASID, PAGE, END);
        tlb0.invalidate(ASID, PAGE, END);
        now = 300;
        oracle.flushed(ASID, PAGE, END, change);
        expectNone();
        now = 400;
        oracle.accessed(1, ASID, PAGE + 5, false);
        expectOnly(Invariant.O1, 1);
        var violation = oracle.violations().getFirst();
        assertThat(List.of(violation.filledNanos(), violation.changedNanos(), violation.flushedNanos(),
                violation.observedNanos())).containsExactly(100L, 200L, 300L, 400L);
        assertThat(violation.page()).isEqualTo(PAGE);
        assertThat(violation.asid()).isEqualTo(ASID);
        assertThat(violation.frame()).isEqualTo(FRAME);
    }

    @Test
    void o1ShouldBreakWhenAnOperationThatFoundNothingCompletesBeforeTheFlushOfTheOneThatDid() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        long nothing = oracle.sequence();
        oracle.flushed(ASID, PAGE, END, nothing);
        oracle.accessed(0, ASID, PAGE, true);
        expectOnly(Invariant.O1, 0);
    }

    @Test
    void o1ShouldHoldForABarrierOverTranslationsThatAreTrue() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.flushed(ASID, PAGE, END, oracle.sequence());
        oracle.accessed(0, ASID, PAGE, true);
        expectNone();
    }

    @Test
    void o2ShouldHoldWhenNoEntryIsLeft() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        tlb0.flushAll();
        oracle.frameAllocated(FRAME, 1, OTHER);
        oracle.frameAllocated(FRAME + 1, 512, OTHER);
        expectNone();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void o2ShouldBreakWhenAFrameIsReallocatedUnderALiveEntryOfAnySize(int sizeIndex) {
        tlb0.fill(ASID, PAGE, sizeIndex, FRAME, false, false);
        tlb1.fill(ASID, PAGE, sizeIndex, FRAME, false, false);
        long inside = FRAME + (1L << (9 * sizeIndex)) - 1;
        oracle.frameAllocated(inside + 1, 1, OTHER);
        expectNone();
        oracle.frameAllocated(inside, 1, OTHER);
        expectOnly(Invariant.O2, 0, 1);
    }

    @Test
    void o2ShouldBreakWhenALargeRunIsAllocatedOverASmallEntry() {
        tlb1.fill(ASID, PAGE, 0, FRAME + 77, false, false);
        oracle.frameAllocated(FRAME, 512, OTHER);
        expectOnly(Invariant.O2, 1);
    }

    @Test
    void o2ShouldAllowTheSameOwnerToReadWhenThePolicyIsExempted() {
        use(exempting(Exemption.REUSE_BY_SAME_OWNER_IF_READ_ONLY));
        tlb0.fill(ASID, PAGE, 0, FRAME, false, false);
        oracle.frameAllocated(FRAME, 1, ASID);
        expectNone();
        oracle.frameAllocated(FRAME, 1, OTHER);
        expectOnly(Invariant.O2, 0);
    }

    @Test
    void o2ShouldNotAllowTheSameOwnerToWrite() {
        use(exempting(Exemption.REUSE_BY_SAME_OWNER_IF_READ_ONLY));
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.frameAllocated(FRAME, 1, ASID);
        expectOnly(Invariant.O2, 0);
    }

    @Test
    void o2ShouldBreakOnlyWhenASleepingEntryIsUsedAfterAll() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.cpuRuns(0, OTHER);
        oracle.frameAllocated(FRAME, 1, OTHER);
        oracle.cpuRuns(0, ASID);
        expectNone();
        oracle.accessed(0, ASID, PAGE, false);
        expectOnly(Invariant.O2, 0);
    }

    @Test
    void o2ShouldHearOfAFramePool() {
        try (var pool = FramePool.tokens(4)) {
            pool.observer(oracle.frameObserver());
            long frame = pool.allocate(PageSize.SIZE_4K);
            tlb0.fill(ASID, PAGE, 0, frame, true, true);
            pool.release(frame, PageSize.SIZE_4K);
            for (int i = 0; i < 4; i++) {
                pool.allocate(PageSize.SIZE_4K);
            }
        }
        expectOnly(Invariant.O2, 0);
    }

    @Test
    void o3ShouldHoldWhenOnlyOtherRangesHaveEntries() {
        tlb0.fill(ASID, END, 0, FRAME, true, true);
        tlb0.fill(OTHER, PAGE, 0, FRAME, true, true);
        oracle.rangeReused(ASID, PAGE, END);
        expectNone();
    }

    @Test
    void o3ShouldBreakWhenARangeIsReusedWhileAnEntryOfItsOldMappingLives() {
        tlb1.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.rangeReused(ASID, PAGE - 4096, END);
        expectOnly(Invariant.O3, 1);
    }

    @Test
    void o3ShouldBreakWhenAnIdleCpuWakesIntoAReusedRange() {
        tlb1.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.cpuStops(1);
        oracle.rangeReused(ASID, PAGE, END);
        expectNone();
        oracle.cpuRuns(1, ASID);
        oracle.accessed(1, ASID, PAGE, false);
        expectOnly(Invariant.O3, 1);
    }

    @Test
    void o4ShouldHoldWhenStaleEntriesCannotWrite() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, false);
        tlb1.fill(ASID, PAGE, 0, FRAME, false, true);
        oracle.changed(ASID, PAGE, END);
        oracle.copied(FRAME, 1);
        expectNone();
    }

    @Test
    void o4ShouldHoldWhenThePageIsRightlyWritable() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.copied(FRAME, 1);
        expectNone();
    }

    @Test
    void o4ShouldBreakWhenAPageIsSavedBeforeItsWriteProtectionIsFlushed() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.copied(FRAME, 1);
        expectOnly(Invariant.O4, 0);
    }

    @Test
    void o4ShouldBreakWhenAPreemptedCpuWritesToThePageThatWasSavedMeanwhile() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.cpuStops(0);
        oracle.changed(ASID, PAGE, END);
        oracle.copied(FRAME, 1);
        oracle.cpuRuns(0, ASID);
        oracle.accessed(0, ASID, PAGE, false);
        expectNone();
        oracle.accessed(0, ASID, PAGE, true);
        expectOnly(Invariant.O4, 0);
    }

    @Test
    void unreachableSourceOfAMoveShouldDoNoHarmUntilItIsUsed() {
        use(exempting(Exemption.MOVE_SOURCE_UNREACHABLE));
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.moved(ASID, PAGE, END, Direction.INTO_APP);
        oracle.copied(FRAME, 1);
        oracle.frameAllocated(FRAME, 1, OTHER);
        expectNone();
        oracle.accessed(0, ASID, PAGE, true);
        assertThat(oracle.violations()).extracting(Violation::invariant)
                .containsExactlyInAnyOrder(Invariant.O2, Invariant.O4);
    }

    @Test
    void sourceOfAMoveOutOfTheApplicationShouldNotBeExempted() {
        use(exempting(Exemption.MOVE_SOURCE_UNREACHABLE));
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.moved(ASID, PAGE, END, Direction.OUT_OF_APP);
        oracle.copied(FRAME, 1);
        expectOnly(Invariant.O4, 0);
    }

    @Test
    void recycledSourceOfAMoveShouldBreakO3EvenIfUnreachable() {
        use(exempting(Exemption.MOVE_SOURCE_UNREACHABLE));
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.moved(ASID, PAGE, END, Direction.INTO_APP);
        oracle.rangeReused(ASID, PAGE, END);
        expectOnly(Invariant.O3, 0);
    }

    @Test
    void o8ShouldHoldWhenTheStaleTranslationIsGoneBeforeThePageCountsAsClean() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.accessed(0, ASID, PAGE, true);
        tlb0.invalidate(ASID, PAGE, END);
        oracle.cleaned(FRAME, 1);
        oracle.droppedAsClean(FRAME, 1);
        expectNone();
    }

    @Test
    void o8ShouldBreakWhenAPageIsDroppedAsCleanThatWasWrittenThroughAStaleTranslation() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.cleaned(FRAME, 1);
        oracle.accessed(0, ASID, PAGE, true);
        tlb0.invalidate(ASID, PAGE, END);
        oracle.droppedAsClean(FRAME, 1);
        expectOnly(Invariant.O8, 0);
    }

    @Test
    void o8ShouldBreakWhenACpuCanStillWriteToAPageThatIsDroppedAsClean() {
        tlb1.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.changed(ASID, PAGE, END);
        oracle.cleaned(FRAME, 1);
        oracle.droppedAsClean(FRAME, 1);
        expectOnly(Invariant.O8, 1);
    }

    @Test
    void shouldNameTheSeed() {
        use(SafetyOracle.checking(() -> now, FlushContract.STRICT, 4711));
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.flushed(ASID, PAGE, END, oracle.changed(ASID, PAGE, END));
        oracle.accessed(0, ASID, PAGE, false);
        expectOnly(Invariant.O1, 0);
        assertThat(oracle.violations().getFirst().seed()).isEqualTo(4711);
        assertThat(oracle.violations().getFirst().text()).endsWith("seed 4711");
    }

    @Test
    void shouldKeepAFewViolationsAndCountThemAll() {
        tlb0.fill(ASID, PAGE, 0, FRAME, true, true);
        oracle.flushed(ASID, PAGE, END, oracle.changed(ASID, PAGE, END));
        for (int i = 0; i < 1000; i++) {
            oracle.accessed(0, ASID, PAGE, false);
        }
        assertThat(oracle.violationCount()).isEqualTo(1000);
        assertThat(oracle.violations()).hasSize(32);
    }

    @Test
    void shouldSayWhenItIsNotWiredToTheTlb() {
        assertThatThrownBy(() -> oracle.accessed(0, ASID, PAGE, false)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0x" + Long.toHexString(PAGE));
    }

    @Test
    void shouldCheckNothingWhenOff() {
        var off = SafetyOracle.OFF;
        off.flushed(ASID, PAGE, END, off.changed(ASID, PAGE, END));
        off.accessed(0, ASID, PAGE, true);
        assertThat(off.isOn()).isFalse();
        assertThat(off.violationCount()).isZero();
    }

    @Test
    void shouldDescribeAllEightInvariants() {
        assertThat(Invariant.values()).hasSize(8).allSatisfy(each -> assertThat(each.description()).isNotBlank());
        assertThat(Set.of(Invariant.values()).stream().mapToInt(Invariant::bit).sum()).isEqualTo(255);
    }
}
