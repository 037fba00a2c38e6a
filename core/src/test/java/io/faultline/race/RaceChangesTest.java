package io.faultline.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.memory.Entry;
import org.junit.jupiter.api.Test;

/** What threads do to page tables, and what becomes of frames. */
class RaceChangesTest {
    private static final int TABLE_PAGES = 512;

    /** What a scenario looks at when it is over. */
    private final List<RaceSpace> seen = new ArrayList<>();

    private RaceSpace space(Race race, String name) {
        RaceSpace space = race.space(name);
        seen.add(space);
        return space;
    }

    private static long frameOf(RaceSpace space, long page) {
        return space.isPresent(page) ? Entry.frame(space.entry(page)) : -1;
    }

    @Test
    void shouldLockOutOthers() {
        Played played = Played.under("strict", race -> {
            RaceLock ptl = race.lock("ptl");
            race.outsider("a").does(ptl.lock(), RaceStep.of("work"), ptl.unlock());
            race.outsider("b").does(RaceStep.of("come"), ptl.lock(), ptl.unlock());
        });
        assertThat(played.steps()).containsExactly("lock ptl", "come", "work", "unlock ptl", "lock ptl", "unlock ptl");
    }

    @Test
    void shouldFreeFramesAfterTheirFlushAndHandThemOutAgain() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("munmap").does(gather.zap(0), gather.flush(), gather.free(), race.allocate("others"));
        });
        assertThat(played.noteOf("free")).isEqualTo("frame 0 free");
        assertThat(played.noteOf("alloc_page for others")).isEqualTo("frame 0");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldCatchAFrameThatIsFreedWithoutAFlush() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("munmap").does(gather.zap(0), gather.freeAtOnce(), race.allocate("others"));
        });
        assertThat(played.broken()).startsWith("O2").contains("CPUs [0], page 0, frame 0");
    }

    @Test
    void shouldTellThePolicyOfAnUnmapThatFoundNothing() {
        Played alone = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").reserve(0, 1);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.thread("munmap", mm).does(gather.zap(0), gather.flush());
        });
        assertThat(alone.noteOf("ptep_get_and_clear page 0")).isEqualTo("pte_none");
        assertThat(alone.noteOf("flush_tlb_range")).isEqualTo("page 0, nobody to wait for");

        Played besideAnother = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather first = mm.gather(ChangeKind.UNMAP);
            RaceGather second = mm.gather(ChangeKind.UNMAP);
            race.outsider("first")
                    .does(first.zap(0), RaceStep.of("gather more"), RaceStep.of("gather more"), first.flush());
            race.outsider("second").does(second.zap(0), second.flush());
        });
        assertThat(besideAnother.steps()).contains("flush_tlb_range: page 0, IPI to CPU 0");
    }

    @Test
    void shouldHideAPendingFlushThatWasNotAnnounced() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather first = mm.gather(ChangeKind.UNMAP).unannounced();
            RaceGather second = mm.gather(ChangeKind.UNMAP);
            race.outsider("first").does(first.zap(0), RaceStep.until("read", second::isComplete), first.flush());
            race.outsider("second").does(second.zap(0), second.flush());
            reader.does(RaceStep.until("second done", second::isComplete), mm.read(0));
        });
        assertThat(played.steps()).contains("flush_tlb_range: page 0, nobody to wait for");
        assertThat(played.broken()).startsWith("O1");
    }

    @Test
    void shouldForgetAnOperationThatIsNotToBeFlushed() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").reserve(0, 1);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("munmap").does(gather.zap(0), gather.forget());
            race.outsider("look").does(RaceStep.until("over", () -> race.domain().space(0).changesInFlight() == 0));
        });
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldMakeReadOnlyWhatIsProtected() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 2);
            RaceGather gather = mm.gather(ChangeKind.PROTECT);
            race.thread("mprotect", mm).does(gather.mprotectReadOnly(1, 1), gather.flush(), mm.write(1), mm.write(0));
        });
        assertThat(played.noteOf("write page 1")).isEqualTo("page fault, read-only");
        assertThat(played.noteOf("write page 0")).isEqualTo("walks to frame 0");
    }

    @Test
    void shouldUnprotectOnlyWhatNobodyShares() {
        Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 2).pin(1);
            RaceGather on = mm.gather(ChangeKind.PROTECT);
            RaceGather off = mm.gather(ChangeKind.RELAX);
            race.outsider("uffd")
                    .does(on.writeProtect(0), on.writeProtect(1), on.flush(),
                            RaceStep.of("see", () -> assertThat(mm.isWriteProtected(0)).isTrue()),
                            off.unprotect(0), off.unprotect(1), off.flush());
        });
        RaceSpace mm = seen.getFirst();
        assertThat(mm.isWriteProtected(0) || mm.isWriteProtected(1)).isFalse();
        assertThat(mm.isReadOnly(0)).isFalse();
        assertThat(mm.isReadOnly(1)).isTrue();
    }

    @Test
    void shouldMoveASingleEntryAndAWholeTable() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 3).reserve(TABLE_PAGES, 3).reserve(2 * TABLE_PAGES, 3);
            RaceGather one = mm.gather(ChangeKind.UNMAP);
            RaceGather table = mm.gather(ChangeKind.UNMAP);
            race.outsider("mremap")
                    .does(one.moveEntry(2, TABLE_PAGES + 2), one.flush(), one.free(),
                            table.moveTable(0, 2 * TABLE_PAGES), table.flush(), table.free());
        });
        RaceSpace mm = seen.getFirst();
        assertThat(frameOf(mm, TABLE_PAGES + 2)).isEqualTo(2);
        assertThat(frameOf(mm, 2 * TABLE_PAGES)).isZero();
        assertThat(frameOf(mm, 2 * TABLE_PAGES + 1)).isEqualTo(1);
        assertThat(mm.isPresent(0) || mm.isPresent(1) || mm.isPresent(2)).isFalse();
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldCatchATableThatIsFreedUnderAWalker() {
        long[] tableBytes = {0};
        assertThat(freeTable(false, tableBytes).broken()).isEmpty();
        assertThat(seen.getFirst().memory().hva().tableBytes()).isLessThan(tableBytes[0]);
        assertThat(freeTable(true, tableBytes).broken()).startsWith("O5");
    }

    private Played freeTable(boolean atOnce, long[] tableBytes) {
        return Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("munmap")
                    .does(gather.unhookTable(0),
                            RaceStep.of("count", () -> tableBytes[0] = mm.memory().hva().tableBytes()),
                            atOnce ? gather.freeAtOnce() : RaceStep.none(), gather.flush(),
                            gather.free());
        });
    }

    @Test
    void shouldShareAPageAtForkAndCopyItOnWrite() {
        Played played = Played.under("strict", race -> {
            RaceSpace parent = space(race, "parent").anonymous(0, 1);
            RaceSpace child = space(race, "child").reserve(0, 1);
            RaceThread process = race.thread("process", parent);
            RaceGather fork = parent.gather(ChangeKind.PROTECT);
            RaceGather copied = parent.gather(ChangeKind.REMAP);
            process.does(parent.write(0), fork.share(0, child), fork.flush(), parent.read(0),
                    copied.copy(0), copied.zap(0), copied.flush(), copied.setCopy(0), copied.free());
        });
        assertThat(played.noteOf("free")).as("the child has it still").isEqualTo("frame 0 put");
        assertThat(frameOf(seen.getFirst(), 0)).isEqualTo(1);
        assertThat(seen.getFirst().isReadOnly(0)).isFalse();
        assertThat(frameOf(seen.getLast(), 0)).isZero();
        assertThat(seen.getLast().isReadOnly(0)).isTrue();
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldMigrateAPage() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread writer = race.thread("writer", mm);
            mm.cachedBy(writer, 0, true);
            RaceGather gather = mm.gather(ChangeKind.REMAP);
            race.outsider("migrate")
                    .does(gather.zap(0), gather.flush(), gather.copy(0), gather.setCopy(0), gather.free());
        });
        assertThat(played.noteOf("copy page 0")).isEqualTo("frame 0 to 1");
        assertThat(played.noteOf("free")).isEqualTo("frame 0 free");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldTruncateAFileWhereverItIsMapped() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm");
            RaceFile file = race.file("file", 2);
            mm.file(file, 0).file(file, 8);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("ftruncate").does(file.truncate(gather, 1), gather.flush(), gather.free());
        });
        RaceSpace mm = seen.getFirst();
        assertThat(mm.isPresent(0) && mm.isPresent(8)).isTrue();
        assertThat(mm.isPresent(1) || mm.isPresent(9)).isFalse();
        assertThat(played.noteOf("free")).isEqualTo("frame 1 put, frame 1 put, frame 1 free");
    }

    @Test
    void shouldKeepADirtyPageAndDropACleanOne() {
        assertThat(reclaim(true).noteOf("pte_dirty? else drop page 0")).isEqualTo("dirty, kept");
        assertThat(seen.getFirst().isDirty(0)).isTrue();
        assertThat(reclaim(false).noteOf("pte_dirty? else drop page 0")).isEqualTo("clean, dropped");
        assertThat(seen.getLast().isPresent(0)).isFalse();
    }

    private Played reclaim(boolean write) {
        return Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            mm.cachedBy(race.thread("process", mm), 0, write);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.outsider("kswapd").does(gather.zap(0), gather.flush(), gather.dropUnlessDirty(0), gather.free());
        });
    }

    @Test
    void shouldCatchAWriteThatNoDirtyBitTellsOf() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceThread writer = race.thread("writer", mm);
            mm.cachedBy(writer, 0, true);
            RaceGather cleaned = mm.gather(ChangeKind.PROTECT);
            RaceGather dropped = mm.gather(ChangeKind.UNMAP);
            race.outsider("kswapd")
                    .does(cleaned.clearDirty(0), RaceStep.of("wait"), dropped.zap(0), dropped.flush(),
                            dropped.dropUnlessDirty(0));
            writer.does(RaceStep.of("user code"), mm.write(0));
        });
        assertThat(played.broken()).startsWith("O8");
    }

    @Test
    void shouldFlushAnOldTagBeforeAnotherSpaceTakesIt() {
        assertThat(retag(true).broken()).isEmpty();
        assertThat(retag(false).broken()).startsWith("O3");
    }

    /** Space a gives tag 0 up and goes on under 7; b takes 0 over, on a CPU where a's translations may still be. */
    private Played retag(boolean flush) {
        return Played.under("strict", race -> {
            RaceSpace a = space(race, "a").anonymous(0, 1);
            RaceSpace b = space(race, "b").anonymous(0, 1);
            RaceThread process = race.thread("process", a);
            a.cachedBy(process, 0, false);
            RaceGather fromA = a.gather(ChangeKind.UNMAP);
            RaceGather fromB = b.gather(ChangeKind.UNMAP);
            process.does(
                    fromA.retag(7),
                    flush ? fromA.flush() : RaceStep.none(),
                    process.cpu().switchTo(a),
                    a.read(0),
                    fromB.retag(0),
                    process.cpu().switchTo(b),
                    b.read(0));
        });
    }

    @Test
    void shouldMovePagesInThroughARingAndReuseTheirRangeAfterItsFlush() {
        Played played = Played.under("ring:size=4", race -> {
            RaceSpace mm = space(race, "mm").reserve(0, 1).anonymous(64, 1);
            RaceThread receiver = race.thread("fetcher", mm);
            mm.cachedBy(receiver, 64, true);
            RaceGather gather = mm.gatherMoves(Direction.INTO_APP);
            race.outsider("memslot").does(gather.move(64, 0), gather.send(), gather.wantReuse());
            receiver.does(RaceStep.until("released", gather::isReleased), mm.reuse(64, 1), mm.faultIn(64),
                    mm.write(64));
        });
        assertThat(played.noteOf("ask for the flush")).isEqualTo("page 64, deferred");
        assertThat(played.noteOf("write page 64")).isEqualTo("walks to frame 1");
        assertThat(frameOf(seen.getFirst(), 0)).isZero();
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldCatchASaveBesideAWriter() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            mm.cachedBy(race.thread("writer", mm), 0, true);
            RaceGather gather = mm.gather(ChangeKind.PROTECT);
            race.outsider("evict").does(gather.clearWrite(0), mm.save(0), gather.flush());
        });
        assertThat(played.broken()).startsWith("O4");
    }

    @Test
    void shouldEndABatchAndLetTimersComeAtAnyMoment() {
        Played batch = Played.under("reclaim-batch", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.thread("kswapd", mm)
                    .does(gather.zap(0), gather.send(), gather.await(), gather.finish(), gather.free());
        });
        assertThat(batch.noteOf("ask for the flush")).isEqualTo("page 0, deferred");
        assertThat(batch.broken()).isEmpty();
        Played timed = Played.under("flush-queue", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            race.thread("munmap", mm).does(gather.zap(0), gather.flush(), gather.free());
        });
        assertThat(timed.steps()).anyMatch(step -> step.startsWith("timer: flushes all"));
        assertThat(timed.broken()).isEmpty();
    }

    @Test
    void shouldFlushAheadOfACopyWhenSomebodysFlushIsPending() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").anonymous(0, 1);
            mm.cachedBy(race.thread("writer", mm), 0, true);
            RaceGather protection = mm.gather(ChangeKind.PROTECT);
            RaceGather barrier = mm.gather(ChangeKind.BARRIER);
            race.outsider("uffd")
                    .does(protection.writeProtect(0), RaceStep.until("copied", barrier::isComplete),
                            protection.flush());
            race.outsider("fault").does(barrier.about(0), barrier.flush(), mm.save(0));
        });
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldSayWhatAStepCannotBeDoneTo() {
        assertThat(Played.under("strict", race -> {
            RaceSpace mm = space(race, "mm").reserve(3, 1);
            race.outsider("evict").does(mm.save(3));
        }).broken()).contains("page 3 has no frame");
        assertThat(Played.under("strict", race -> {
            RaceGather gather = space(race, "mm").gather(ChangeKind.UNMAP);
            race.outsider("munmap").does(gather.flush());
        }).broken()).contains("before anything was changed");
    }

    @Test
    void shouldDecideByALook() {
        Played played = Played.under("strict", race -> race.outsider("thread")
                .does(RaceStep.look("a?", () -> true, RaceStep.of("a"), RaceStep.of("not a")),
                        RaceStep.look("b?", () -> false, RaceStep.of("b"),
                                RaceStep.all(RaceStep.of("not b"), RaceStep.none())))
                .background());
        assertThat(played.steps()).containsExactly("a?: yes", "a", "b?: no", "not b");
    }
}
