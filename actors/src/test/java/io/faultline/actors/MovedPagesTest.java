package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.staging.StagingRange;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A memslot and a fetcher of a machine that moves pages, with room for four pages in flight and so eight credits; the test
 * carries their messages to and fro, and plays the shootdown.
 */
class MovedPagesTest {
    private final TestRing ring =
            new TestRing(TestRing.spec().vcpus(6).source(new TestSource()).resolveBy(ResolveBy.MOVE).build());
    private final ActorRef<Memslot.Command> memslot = ring.spawn(Memslot.create(ring.parts, 0, 0));
    private final ActorRef<PageFetcher.Command> fetcher = ring.spawn(PageFetcher.create(ring.parts, 0, 0));
    private final StagingRange range = ring.parts.staging().range(0);

    @AfterEach
    void close() {
        ring.close();
    }

    /** Has vCPU 0 and onwards fault on pages, and lets the fetcher get them. */
    private PageBatch received(long... pages) {
        int vcpu = 0;
        for (long page : pages) {
            memslot.tell(new Memslot.Fault(vcpu++, page, false, ring.now()));
        }
        ring.settle();
        return received(resolve());
    }

    private PageBatch resolve() {
        return ring.handlers.get(0).take(FaultHandler.Resolve.class).getFirst().batch();
    }

    private PageBatch received(PageBatch batch) {
        batch.resolution(Resolution.MOVE);
        ring.tell(fetcher, new PageFetcher.Fetch(batch, 0));
        return ring.memslots.get(0).takeOne(Memslot.Install.class).batch();
    }

    private List<TlbShootdown.Flush> install(PageBatch batch) {
        ring.tell(memslot, new Memslot.Install(batch));
        return ring.shootdown.take(TlbShootdown.Flush.class);
    }

    private void complete(PageBatch batch) {
        for (int index = 0; index < batch.count(); index++) {
            ring.tell(memslot, new Memslot.MoveFlushed(batch, index));
        }
    }

    private void giveBack(PageBatch batch) {
        ring.tell(fetcher, new PageFetcher.Return(batch));
    }

    private void installAndGiveBack(PageBatch batch) {
        install(batch);
        complete(batch);
        giveBack(batch);
    }

    private int granted() {
        return ring.handlers.get(0)
                .take(FaultHandler.Credit.class)
                .stream()
                .mapToInt(FaultHandler.Credit::pages)
                .sum();
    }

    private boolean isResumed(int vcpu) {
        return !ring.vcpus.get(vcpu).take(VCpu.Resume.class).isEmpty();
    }

    private long word(long hva) {
        long entry = ring.parts.space().hva().walk(hva);
        assertThat(Entry.isPresent(entry)).as(Entry.describe(entry)).isTrue();
        return ring.parts.frames().contents().word(Entry.frame(entry));
    }

    @Test
    void shouldReceiveThroughTheFetchersOwnCpu() {
        PageBatch batch = received(2, 5);

        for (int index = 0; index < 2; index++) {
            assertThat(batch.stagedHva(index, PageSize.SIZE_4K)).isEqualTo(range.hvaOf(batch.slot(index)));
            assertThat(word(range.hvaOf(batch.slot(index)))).isEqualTo(1_000 + batch.page(index));
        }
        assertThat(ring.parts.staging().tlb(0).liveEntries()).isEqualTo(2);
        assertThat(ring.parts.flushDomain().space(MachineParts.HOST_ASID).cpus().contains(ring.parts.cpus().hostCpu(0)))
                .isTrue();
    }

    @Test
    void shouldMoveThePageAndAskForTheFlushOfTheSlotItLeft() {
        PageBatch batch = received(2);
        long source = batch.stagedHva(0, PageSize.SIZE_4K);

        List<TlbShootdown.Flush> flushes = install(batch);

        assertThat(flushes).hasSize(1);
        TlbShootdown.Flush flush = flushes.getFirst();
        assertThat(flush.change().asid()).isEqualTo(MachineParts.HOST_ASID);
        assertThat(flush.change().kind()).isEqualTo(ChangeKind.MOVE);
        assertThat(flush.change().direction()).isEqualTo(Direction.INTO_APP);
        assertThat(flush.change().start()).isEqualTo(source);
        assertThat(flush.change().end()).isEqualTo(source + 4096);
        assertThat(flush.change().synchronous()).isFalse();
        assertThat(ring.parts.space().hva().walk(source)).isEqualTo(Entry.NONE);
        assertThat(word(ring.parts.memslotParts(0).pages().hvaOfPage(2))).isEqualTo(1_002);
    }

    @Test
    void shouldMapAndWakeOnlyWhenTheMoveIsComplete() {
        PageBatch batch = received(2);
        install(batch);
        assertThat(isResumed(0)).isFalse();
        assertThat(Entry.isPresent(ring.parts.secondStage().walk(2 << 12))).isFalse();

        complete(batch);

        assertThat(isResumed(0)).isTrue();
        assertThat(Entry.isPresent(ring.parts.secondStage().walk(2 << 12))).isTrue();
        assertThat(ring.parts.counters().installed.sum()).isEqualTo(1);
        assertThat(ring.fetchers.get(0).takeOne(PageFetcher.Return.class).batch()).isSameAs(batch);
    }

    @Test
    void shouldTakeALateCompletionForNoMoreThanTheEndOfItsBatch() {
        PageBatch batch = received(2);
        install(batch);
        ring.tell(memslot, new Memslot.Replaced("handler 0"));
        PageBatch again = resolve();

        complete(batch);
        assertThat(isResumed(0)).isFalse();
        assertThat(ring.fetchers.get(0).takeOne(PageFetcher.Return.class).batch()).isSameAs(batch);

        assertThat(install(received(again))).as("flushes for a page that is there").isEmpty();
        assertThat(isResumed(0)).isTrue();
    }

    @Test
    void shouldKeepASlotAndItsCreditUntilItsFlushIsReleased() {
        PageBatch batch = received(2);
        int slot = batch.slot(0);
        install(batch);
        complete(batch);
        granted();

        giveBack(batch);
        assertThat(granted()).isZero();
        assertThat(received(3).slot(0)).isNotEqualTo(slot);
        ring.tell(fetcher, new PageFetcher.SlotReleased(batch, slot));

        assertThat(received(4).slot(0)).isEqualTo(slot);
    }

    @Test
    void shouldSayThatItRunsShortOfRangesAndWhenItNoLongerDoes() {
        PageBatch batch = received(0, 1, 2, 3);
        installAndGiveBack(batch);
        ring.shootdown.wasToldNothing();
        installAndGiveBack(received(4));
        assertThat(ring.shootdown.takeOne(TlbShootdown.ReuseWanted.class))
                .isEqualTo(new TlbShootdown.ReuseWanted(0, true));

        for (int index = 0; index < 2; index++) {
            ring.tell(fetcher, new PageFetcher.SlotReleased(batch, batch.slot(index)));
        }
        ring.shootdown.wasToldNothing();
        ring.tell(fetcher, new PageFetcher.SlotReleased(batch, batch.slot(2)));

        assertThat(ring.shootdown.takeOne(TlbShootdown.ReuseWanted.class))
                .isEqualTo(new TlbShootdown.ReuseWanted(0, false));
    }

    @Test
    void shouldKeepInQuarantineWhatAMemslotMovedBeforeItDied() {
        PageBatch batch = received(2, 5);
        ring.parts.memslotParts(0)
                .port()
                .move(ring.parts.memslotParts(0).pages().hvaOfPage(2), batch.stagedHva(0, PageSize.SIZE_4K), 4096, 1);
        granted();
        ring.parts.memslots().replace(0, ring.memslots.get(1).ref());
        ring.tell(fetcher, new PageFetcher.MemslotReplaced(0));
        assertThat(granted()).as("the slot whose page was not moved is free, too few to tell of").isZero();

        ring.tell(fetcher, new PageFetcher.SlotReleased(batch, batch.slot(0)));

        assertThat(granted()).isEqualTo(2);
    }

    @Test
    void shouldUnmapADeadFetchersRangeWhenNoMemslotMovesFromThereAnyMoreAndFlushItBeforeItIsUsedAgain() {
        ActorRef<AddressSpaceOwner.Command> owner = ring.spawn(AddressSpaceOwner.create(ring.parts));
        received(2, 5);
        long free = ring.parts.frames().freeFrames();
        assertThat(ring.parts.staging().replace(0)).isEqualTo(range);
        ring.tell(owner, new AddressSpaceOwner.Retire(range));
        ring.tell(owner, new AddressSpaceOwner.LetGo(0, range));
        ring.tell(owner, new AddressSpaceOwner.LetGo(0, range));
        ring.shootdown.wasToldNothing();

        ring.tell(owner, new AddressSpaceOwner.MemslotReplaced(1));

        TlbShootdown.Flush flush = ring.shootdown.takeOne(TlbShootdown.Flush.class);
        assertThat(flush.change().asid()).isEqualTo(MachineParts.HOST_ASID);
        assertThat(flush.change().kind()).isEqualTo(ChangeKind.UNMAP);
        assertThat(flush.change().synchronous()).as("what keeps frames and range back may be put off").isFalse();
        assertThat(flush.change().pagesPresent()).isEqualTo(2);
        assertThat(ring.parts.space().hva().isEmpty(range.hva(), range.end())).isTrue();
        assertThat(ring.parts.frames().freeFrames()).isEqualTo(free);
        FlushAnswers.tell(flush, TlbShootdown.Flushed.RELEASED);
        ring.settle();

        assertThat(ring.parts.frames().freeFrames()).isEqualTo(free + 2);
        ring.parts.staging().replace(0);
        assertThat(ring.parts.staging().range(0)).isEqualTo(range);
    }
}
