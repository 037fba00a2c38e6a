package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.memory.Entry;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.userfault.FaultKind;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memslot 0 of pages 0 to 7; the test plays handler, fetcher and vCPUs. */
class MemslotTest {
    private TestRing ring = new TestRing(TestRing.spec().vcpus(6).build());
    private ActorRef<Memslot.Command> memslot = spawn(0);
    private int slots;

    @AfterEach
    void close() {
        ring.close();
    }

    private ActorRef<Memslot.Command> spawn(int incarnation) {
        return ring.spawn(Memslot.create(ring.parts, 0, incarnation));
    }

    private void restart(MachineSpecBuilder spec) {
        ring.close();
        ring = new TestRing(spec.vcpus(6).build());
        memslot = spawn(0);
    }

    /** Both at the same instant, as when a mailbox holds several. */
    private void faults(long page, boolean write, int... vcpus) {
        for (int vcpu : vcpus) {
            memslot.tell(new Memslot.Fault(vcpu, page, write, ring.now()));
        }
        ring.settle();
    }

    private PageBatch resolve() {
        List<FaultHandler.Resolve> asked = ring.handlers.get(0).take(FaultHandler.Resolve.class);
        assertThat(asked).hasSize(1);
        return asked.getFirst().batch();
    }

    private void install(PageBatch batch, Resolution resolution) {
        batch.resolution(resolution);
        ring.tell(memslot, new Memslot.Install(batch));
    }

    /** As the fetcher would: with a slot and a buffer for each page. */
    private void installFetched(PageBatch batch) {
        batch.fetcher(0, 0);
        for (int index = 0; index < batch.count(); index++) {
            PageBuffer buffer = PageBuffer.tokens(PageSize.SIZE_4K, 1);
            buffer.token(0, 1_000 + batch.page(index));
            batch.slot(index, slots++, buffer);
        }
        install(batch, Resolution.COPY);
    }

    /** vCPUs resumed since the last look, those whose access fails as negative numbers less one. */
    private List<Integer> resumed() {
        List<Integer> resumed = new ArrayList<>();
        for (int vcpu = 0; vcpu < ring.vcpus.size(); vcpu++) {
            for (VCpu.Resume resume : ring.vcpus.get(vcpu).take(VCpu.Resume.class)) {
                resumed.add(resume.failed() ? -vcpu - 1 : vcpu);
            }
        }
        return resumed;
    }

    private long guestWord(long page) {
        long entry = ring.parts.secondStage().walk(page << 12);
        assertThat(Entry.isPresent(entry)).as("page %d: %s", page, Entry.describe(entry)).isTrue();
        return ring.parts.frames().contents().word(Entry.frame(entry));
    }

    private void returned(PageBatch batch) {
        assertThat(ring.fetchers.get(0).takeOne(PageFetcher.Return.class).batch()).isSameAs(batch);
    }

    @Test
    void shouldAskOnceHoweverManyWaitAndResumeThemAll() {
        faults(3, false, 0, 1, 2);
        PageBatch batch = resolve();
        assertThat(Batches.pages(batch)).containsExactly(3L);
        faults(3, true, 3);
        ring.handlers.get(0).wasToldNothing();
        assertThat(ring.parts.counters().outstanding()).isEqualTo(4);

        installFetched(batch);

        assertThat(resumed()).containsExactly(0, 1, 2, 3);
        assertThat(guestWord(3)).isEqualTo(1_003);
        returned(batch);
        assertThat(ring.parts.counters().outstanding()).isZero();
        assertThat(ring.parts.counters().coalesced.sum()).isEqualTo(3);
        assertThat(ring.parts.counters().installed.sum()).isEqualTo(1);
    }

    @Test
    void shouldSendWhatItsMailboxHeldInOneBatch() {
        for (int vcpu = 0; vcpu < 6; vcpu++) {
            memslot.tell(new Memslot.Fault(vcpu, vcpu, false, 0));
        }
        ring.settle();

        List<FaultHandler.Resolve> batches = ring.handlers.get(0).take(FaultHandler.Resolve.class);
        assertThat(batches.stream().flatMap(resolve -> Batches.pages(resolve.batch()).stream()))
                .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(batches.size()).isLessThan(6);
    }

    @Test
    void shouldResumeAtOnceWhenThePageIsThereAlready() {
        faults(3, false, 0);
        installFetched(resolve());
        resumed();

        faults(3, true, 1);

        assertThat(resumed()).containsExactly(1);
        ring.handlers.get(0).wasToldNothing();
        assertThat(ring.parts.counters().spurious.sum()).isEqualTo(1);
    }

    @Test
    void shouldIgnoreALateInstallButGiveItsSlotsBack() {
        faults(3, false, 0);
        PageBatch first = resolve();
        ring.tell(memslot, new Memslot.Replaced("handler 0"));
        PageBatch second = resolve();
        assertThat(second.attempt(0)).isGreaterThan(first.attempt(0));

        installFetched(first);

        returned(first);
        assertThat(resumed()).isEmpty();
        assertThat(Entry.isPresent(ring.parts.secondStage().walk(3 << 12))).isFalse();
        assertThat(ring.parts.counters().lateInstalls.sum()).isEqualTo(1);
        installFetched(second);
        assertThat(resumed()).containsExactly(0);
        returned(second);
    }

    @Test
    void shouldFailTheAccessOfAPoisonedPage() {
        faults(3, false, 0);
        install(resolve(), Resolution.POISON);
        assertThat(resumed()).as("woken, to find out").containsExactly(0);

        faults(3, false, 0, 1);

        assertThat(resumed()).containsExactly(-1, -2);
        ring.handlers.get(0).wasToldNothing();
        assertThat(ring.parts.counters().poisoned.sum()).isEqualTo(1);
        assertThat(ring.parts.counters().installed.sum()).isZero();
    }

    @Test
    void shouldAskAgainAsMissingWhatWasNotInTheCache() {
        restart(TestRing.spec().backing(Backing.SHMEM));
        faults(3, true, 0);
        install(resolve(), Resolution.CONTINUE);

        PageBatch again = resolve();

        assertThat(again.kind(0)).isEqualTo(FaultKind.MISSING);
        assertThat(again.write(0)).isTrue();
        assertThat(resumed()).isEmpty();
        install(again, Resolution.ZEROPAGE);
        assertThat(resumed()).containsExactly(0);
    }

    private void beginDiscard(int operation, long firstPage, long pages) {
        ring.tell(memslot, new Memslot.BeginDiscard(operation, firstPage, pages));
    }

    @Test
    void shouldParkInstallsUntilTheDiscardIsOverAndAnswerItsEvent() {
        faults(3, false, 0);
        faults(5, false, 1);
        List<PageBatch> asked = ring.handlers.get(0)
                .take(FaultHandler.Resolve.class)
                .stream()
                .map(FaultHandler.Resolve::batch)
                .toList();
        PageBatch three = asked.get(0);
        PageBatch five = asked.get(1);

        beginDiscard(7, 5, 3);
        assertThat(ring.owner.takeOne(AddressSpaceOwner.EventRead.class))
                .isEqualTo(new AddressSpaceOwner.EventRead(0, 7));
        PageBatch fiveAgain = resolve();
        installFetched(three);
        installFetched(five);
        assertThat(ring.fetchers.get(0).take(PageFetcher.Return.class)).extracting(PageFetcher.Return::batch)
                .as("what was read before the discard is of no use")
                .containsExactly(five);
        install(fiveAgain, Resolution.ZEROPAGE);
        assertThat(resumed()).isEmpty();

        ring.tell(memslot, new Memslot.EndDiscard());

        assertThat(fiveAgain.removed(0)).isTrue();
        assertThat(resumed()).containsExactly(0, 1);
        assertThat(guestWord(3)).isEqualTo(1_003);
        assertThat(guestWord(5)).isZero();
        returned(three);
        assertThat(ring.parts.counters().lateInstalls.sum()).isEqualTo(1);
    }

    @Test
    void shouldHaveHandlersForgetWhatADiscardHasItAskForAgain() {
        beginDiscard(7, 5, 3);

        assertThat(ring.handlers.get(0).takeOne(FaultHandler.Forget.class))
                .isEqualTo(new FaultHandler.Forget(0, 5, 8));
    }

    @Test
    void shouldHoldBackAProtectionUntilItHasItsLeaseAgain() {
        faults(3, false, 0);
        installFetched(resolve());
        Recorder<TlbShootdown.Flushed> asker = ring.recorder();
        beginDiscard(1, 7, 1);

        ring.tell(memslot, new Memslot.Protect(3, 1, asker.ref()));
        ring.shootdown.wasToldNothing();
        ring.tell(memslot, new Memslot.EndDiscard());

        TlbShootdown.Flush flush = ring.shootdown.takeOne(TlbShootdown.Flush.class);
        assertThat(flush.change().start()).isEqualTo(3 << 12);
        assertThat(flush.change().end()).isEqualTo(4 << 12);
        assertThat(flush.change().pagesPresent()).isEqualTo(1);
        assertThat(flush.atRelease().to().get()).isEqualTo(asker.ref());
        assertThat(Entry.isWritable(ring.parts.secondStage().walk(3 << 12))).isFalse();
        faults(3, true, 1);
        PageBatch protectedPage = resolve();
        assertThat(protectedPage.kind(0)).isEqualTo(FaultKind.WRITE_PROTECT);
        resumed();
        install(protectedPage, Resolution.UNPROTECT);
        assertThat(resumed()).containsExactly(1);
    }

    @Test
    void shouldTryAgainWhenThereMayBeAFrame() {
        faults(3, false, 0);
        PageBatch batch = resolve();
        List<Long> taken = new ArrayList<>();
        for (long frame = allocate(); frame >= 0; frame = allocate()) {
            taken.add(frame);
        }
        installFetched(batch);
        assertThat(resumed()).isEmpty();
        ring.fetchers.get(0).wasToldNothing();

        ring.pass(5_000_000);
        assertThat(resumed()).isEmpty();
        taken.forEach(frame -> ring.parts.frames().release(frame, PageSize.SIZE_4K));
        ring.pass(1_000_000);

        assertThat(resumed()).containsExactly(0);
        assertThat(guestWord(3)).isEqualTo(1_003);
        returned(batch);
    }

    private long allocate() {
        return ring.parts.frames().allocate(PageSize.SIZE_4K);
    }

    @Test
    void shouldGiveParkedSlotsBackAndAskAgainWhenSomebodyWasReplaced() {
        faults(3, false, 0);
        PageBatch parked = resolve();
        beginDiscard(1, 7, 1);
        installFetched(parked);
        ring.fetchers.get(0).wasToldNothing();

        ring.tell(memslot, new Memslot.Replaced("fetcher 0"));

        returned(parked);
        assertThat(resolve().attempt(0)).isGreaterThan(parked.attempt(0));
        ring.tell(memslot, new Memslot.EndDiscard());
        assertThat(resumed()).as("the parked install is forgotten").isEmpty();
    }

    private void crash() {
        ring.tell(memslot, new Memslot.Fault(0, 15, false, 0)); // a page of another memslot
        assertThat(ring.isDead(memslot)).isTrue();
        memslot = spawn(1);
    }

    @Test
    void shouldGoOnAfterADeadMemslotWithItsPagesAndWithoutItsWaiters() {
        faults(2, false, 4);
        installFetched(resolve());
        ring.fetchers.get(0).take();
        resumed();
        faults(3, false, 0, 1);
        PageBatch old = resolve();

        crash();

        assertThat(ring.parts.counters().outstanding()).isZero();
        assertThat(resumed()).as("the machine tells them").isEmpty();
        installFetched(old);
        returned(old);
        assertThat(ring.parts.counters().lateInstalls.sum()).isEqualTo(1);
        faults(2, false, 5);
        faults(3, false, 0);
        assertThat(resumed()).as("page 2 is still there").containsExactly(5);
        installFetched(resolve());
        assertThat(resumed()).containsExactly(0);
    }

    @Test
    void shouldRememberWhatWasDiscardedBeforeItsPredecessorDied() {
        beginDiscard(1, 3, 2);
        ring.tell(memslot, new Memslot.EndDiscard());

        crash();
        faults(4, false, 0);

        assertThat(resolve().removed(0)).isTrue();
    }

    @Test
    void shouldLeaveAnUnansweredEventToTheOwnerWhoAsksAgain() {
        beginDiscard(1, 3, 2);
        ring.owner.take();
        crash();
        ring.owner.wasToldNothing();

        beginDiscard(1, 3, 2);

        assertThat(ring.owner.takeOne(AddressSpaceOwner.EventRead.class).operation()).isEqualTo(1);
        ring.tell(memslot, new Memslot.EndDiscard());
        assertThat(ring.parts.memslotParts(0).lease().isHeld()).isTrue();
    }
}
