package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import io.faultline.memory.Entry;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Discards over two memslots of eight pages each; the test plays the memslots and the shootdown. */
class AddressSpaceOwnerTest {
    private final TestRing ring = new TestRing(TestRing.spec().build());
    private final ActorRef<AddressSpaceOwner.Command> owner = ring.spawn(AddressSpaceOwner.create(ring.parts));
    private final Recorder<StatusReply<VirtualMachine.Done>> asker = ring.recorder();
    private long freeAtFirst;

    @BeforeEach
    void mapEverything() {
        freeAtFirst = ring.parts.frames().freeFrames();
        for (long page = 0; page < 16; page++) {
            MemslotParts parts = parts(page < 8 ? 0 : 1);
            assertThat(parts.port().zeropage(parts.pages().hvaOfPage(page), 4096, 0).isOk()).isTrue();
            parts.stage().map(page << 12, true);
        }
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private MemslotParts parts(int memslot) {
        return ring.parts.memslotParts(memslot);
    }

    private void discard(long firstPage, long pages) {
        ring.tell(owner, new AddressSpaceOwner.Discard(firstPage, pages, asker.ref()));
    }

    private Memslot.BeginDiscard begun(int memslot) {
        return ring.memslots.get(memslot).takeOne(Memslot.BeginDiscard.class);
    }

    /** As a memslot does it. */
    private void recallAndRead(int memslot, int operation) {
        parts(memslot).lease().recall();
        ring.tell(owner, new AddressSpaceOwner.EventRead(memslot, operation));
    }

    private static void answer(TestRing ring, TlbShootdown.Flush flush, TlbShootdown.Flushed answer) {
        FlushAnswers.tell(flush, answer);
        ring.settle();
    }

    private void answerAll(List<TlbShootdown.Flush> flushes) {
        for (TlbShootdown.Flush flush : flushes) {
            answer(ring, flush, TlbShootdown.Flushed.COMPLETE);
            answer(ring, flush, TlbShootdown.Flushed.RELEASED);
        }
    }

    private IntStream heldPages(int memslot) {
        return IntStream.range(0, 8).filter(parts(memslot).quarantined()::holds);
    }

    private boolean isMapped(long page) {
        return Entry.isPresent(ring.parts.secondStage().walk(page << 12));
    }

    @Test
    void shouldChangeNothingBeforeEveryMemslotConcernedHasReadTheEvent() {
        discard(6, 4);
        assertThat(begun(0)).isEqualTo(new Memslot.BeginDiscard(1, 6, 2));
        assertThat(begun(1)).isEqualTo(new Memslot.BeginDiscard(1, 8, 2));

        recallAndRead(0, 1);
        recallAndRead(0, 1);
        ring.shootdown.wasToldNothing();
        assertThat(isMapped(6)).isTrue();
        recallAndRead(1, 1);

        assertThat(ring.shootdown.take(TlbShootdown.Flush.class)).hasSize(2);
        assertThat(isMapped(5)).isTrue();
        assertThat(isMapped(6) || isMapped(7) || isMapped(8) || isMapped(9)).isFalse();
        assertThat(isMapped(10)).isTrue();
    }

    @Test
    void shouldEndWhenTheFlushIsCompleteAndLeaveWhatIsHeldBackToTheMemslotUntilItsRelease() {
        discard(2, 3);
        begun(0);
        recallAndRead(0, 1);
        TlbShootdown.Flush flush = ring.shootdown.takeOne(TlbShootdown.Flush.class);
        assertThat(flush.change().framesFreed()).isEqualTo(3);
        assertThat(flush.change().pagesPresent()).isEqualTo(3);
        assertThat(ring.parts.frames().quarantinedFrames()).isEqualTo(3);

        asker.wasToldNothing();
        ring.memslots.get(0).wasToldNothing();
        answer(ring, flush, TlbShootdown.Flushed.COMPLETE);

        ring.memslots.get(0).takeOne(Memslot.EndDiscard.class);
        ring.memslots.get(1).wasToldNothing();
        assertThat(asker.take()).singleElement().satisfies(reply -> assertThat(reply.isSuccess()).isTrue());
        assertThat(ring.parts.frames().quarantinedFrames()).isEqualTo(3);
        assertThat(heldPages(0)).containsExactly(2, 3, 4);
        assertThat(flush.hold()).isNotNull();

        flush.hold().release();
        answer(ring, flush, TlbShootdown.Flushed.RELEASED);
        ring.memslots.get(0).takeOne(Memslot.UnmapReleased.class);
        assertThat(parts(0).quarantined().endReleased(_ -> {
        })).isTrue();

        assertThat(ring.parts.frames().quarantinedFrames()).isZero();
        assertThat(ring.parts.frames().freeFrames()).isEqualTo(freeAtFirst - 13);
    }

    @Test
    void shouldCarryOutOneDiscardAfterTheOther() {
        discard(0, 1);
        discard(1, 1);
        assertThat(begun(0).firstPage()).isZero();
        recallAndRead(0, 1);
        answerAll(ring.shootdown.take(TlbShootdown.Flush.class));
        assertThat(ring.memslots.get(0).take()).containsExactly(new Memslot.EndDiscard(),
                new Memslot.BeginDiscard(2, 1, 1), Memslot.UnmapReleased.INSTANCE);

        ring.tell(owner, new AddressSpaceOwner.EventRead(0, 1));
        ring.shootdown.wasToldNothing();
        ring.tell(owner, new AddressSpaceOwner.EventRead(0, 2));

        answerAll(ring.shootdown.take(TlbShootdown.Flush.class));
        assertThat(asker.take()).hasSize(2);
    }

    @Test
    void shouldFlushAlsoWhenNothingWasPresent() {
        discard(0, 2);
        begun(0);
        recallAndRead(0, 1);
        answerAll(ring.shootdown.take(TlbShootdown.Flush.class));
        ring.memslots.get(0).take();
        discard(0, 2);
        recallAndRead(0, 2);

        TlbShootdown.Flush flush = ring.shootdown.takeOne(TlbShootdown.Flush.class);
        assertThat(flush.change().pagesPresent()).isZero();
        assertThat(flush.change().end()).isEqualTo(2 << 12);
    }

    private Recorder<Memslot.Command> replaceMemslot(int memslot) {
        Recorder<Memslot.Command> successor = ring.recorder();
        ring.parts.memslots().replace(memslot, successor.ref());
        ring.tell(owner, new AddressSpaceOwner.MemslotReplaced(memslot));
        return successor;
    }

    @Test
    void shouldAskTheNewMemslotForWhatTheOldOneHadNotAnswered() {
        discard(6, 4);
        recallAndRead(1, 1);

        assertThat(replaceMemslot(0).takeOne(Memslot.BeginDiscard.class))
                .isEqualTo(new Memslot.BeginDiscard(1, 6, 2));
        recallAndRead(0, 1);

        assertThat(ring.shootdown.take(TlbShootdown.Flush.class)).hasSize(2);
    }

    @Test
    void shouldGiveTheNewMemslotTheLeaseWhenTheDiscardIsOver() {
        discard(6, 1);
        recallAndRead(0, 1);
        Recorder<Memslot.Command> successor = replaceMemslot(0);
        successor.wasToldNothing();

        answerAll(ring.shootdown.take(TlbShootdown.Flush.class));

        assertThat(successor.take()).containsExactly(new Memslot.EndDiscard(), Memslot.UnmapReleased.INSTANCE);
    }

    @Test
    void shouldTellANewMemslotThatNoDiscardConcernsToTakeItsLease() {
        discard(6, 1);

        replaceMemslot(1).takeOne(Memslot.EndDiscard.class);
    }
}
