package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.PageInstaller.Outcome;
import io.faultline.space.AddressSpace;
import io.faultline.space.HvaLease;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same rules against the simulated kernel, so that script and kernel cannot drift apart. */
class PageInstallerOnSimulatedPortTest {
    private static final long HVA = 1L << 40;
    private static final long FEATURES = UserfaultFeatures.ALL & ~UserfaultFeatures.SIGBUS
            & ~UserfaultFeatures.WP_ASYNC & ~UserfaultFeatures.EXACT_ADDRESS;
    private static final int PAGES = 4;

    private final WokenWaiters woken = new WokenWaiters();
    private FramePool frames = FramePool.tokens(4096);
    private AddressSpace space = new AddressSpace(1, frames);
    private SimulatedUserfaultPort port = new SimulatedUserfaultPort(0, space, FEATURES, woken);
    private MemslotPages slot = new MemslotPages(0, 50, PAGES, HVA, PageSize.SIZE_4K);

    private PageInstaller installer(MemoryObject object) {
        slot = new MemslotPages(0, 50, PAGES, HVA, object.pageSize());
        boolean shared = object.kind() != MemoryObject.Kind.ANON;
        int protection = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;
        assertThat(space.mmap(HVA, slot.bytes(), object, 0, protection, shared)).isEqualTo(Errno.OK);
        int modes = UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP
                | (shared ? UserfaultModes.REGISTER_MINOR : 0);
        assertThat(port.register(HVA, slot.bytes(), modes).isOk()).isTrue();
        return new PageInstaller(port, slot, false, object.kind() != MemoryObject.Kind.HUGETLB, true);
    }

    private PageInstaller anon() {
        return installer(MemoryObject.anon(PageSize.SIZE_4K, PAGES * 4096L));
    }

    private PageBatch batch(Resolution resolution, int index) {
        PageBatch batch = slot.newBatch(1);
        batch.add(slot.pageAt(index), 1, FaultKind.MISSING, false, false, 0);
        PageBuffer buffer = PageBuffer.tokens(slot.pageSize(), 1);
        buffer.token(0, 7_000 + index);
        batch.slot(0, 0, buffer);
        batch.resolution(resolution);
        return batch;
    }

    private long word(int index) {
        long entry = space.hva().walk(slot.hvaOf(index));
        assertThat(Entry.isPresent(entry)).as(Entry.describe(entry)).isTrue();
        return frames.contents().word(Entry.frame(entry));
    }

    @Test
    void shouldMakePagesPresentWithoutWakingAnybody() {
        PageInstaller installer = anon();
        assertThat(port.raise(9, slot.hvaOf(0), false, 0)).isEqualTo(RaiseOutcome.QUEUED);

        assertThat(installer.install(batch(Resolution.COPY, 0), 0)).isEqualTo(Outcome.DONE);
        assertThat(installer.install(batch(Resolution.ZEROPAGE, 1), 0)).isEqualTo(Outcome.DONE);

        assertThat(word(0)).isEqualTo(7_000);
        assertThat(word(1)).isZero();
        assertThat(woken.count()).isZero();
        assertThat(port.waiters()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"COPY", "ZEROPAGE", "POISON"})
    void shouldBeDoneAndChangeNothingWhenThePageIsThere(Resolution resolution) {
        PageInstaller installer = anon();
        installer.install(batch(Resolution.COPY, 2), 0);
        long entry = space.hva().walk(slot.hvaOf(2));

        assertThat(installer.install(batch(resolution, 2), 0)).isEqualTo(Outcome.DONE);

        assertThat(space.hva().walk(slot.hvaOf(2))).isEqualTo(entry);
    }

    @ParameterizedTest
    @EnumSource(names = {"COPY", "ZEROPAGE", "POISON", "UNPROTECT"})
    void shouldParkWhileAnEventIsUnreadAndWhileTheLeaseIsRecalled(Resolution resolution) {
        PageInstaller installer = anon();
        port.removeEvent(1, slot.hvaOf(3), slot.hvaOf(3) + 4096);
        assertThat(installer.install(batch(resolution, 0), 0)).isEqualTo(Outcome.PARKED);
        port.read(new UserfaultMessages(4));
        HvaLease lease = space.lease(slot.hvaStart(), slot.hvaEnd());
        lease.recall();
        assertThat(installer.install(batch(resolution, 0), 0)).isEqualTo(Outcome.PARKED);
        lease.restore();

        assertThat(installer.install(batch(resolution, 0), 0)).isEqualTo(Outcome.DONE);
    }

    @Test
    void shouldSayThatThereIsNoFrame() {
        frames = FramePool.tokens(1);
        space = new AddressSpace(1, frames);
        port = new SimulatedUserfaultPort(0, space, FEATURES, woken);
        PageInstaller installer = anon();
        assertThat(installer.install(batch(Resolution.COPY, 0), 0)).isEqualTo(Outcome.DONE);

        assertThat(installer.install(batch(Resolution.COPY, 1), 0)).isEqualTo(Outcome.NO_FRAME);
    }

    @Test
    void shouldSayThatThePageIsGoneWhenNothingIsMapped() {
        PageInstaller installer = anon();
        assertThat(space.munmap(slot.hvaOf(1), 4096)).isEqualTo(Errno.OK);

        for (Resolution resolution : new Resolution[]{Resolution.COPY, Resolution.ZEROPAGE, Resolution.POISON,
            Resolution.UNPROTECT}) {
            assertThat(installer.install(batch(resolution, 1), 0)).as("%s", resolution).isEqualTo(Outcome.GONE);
        }
    }

    @Test
    void shouldContinueWhatIsCachedAndSayWhenNothingIs() {
        MemoryObject object = MemoryObject.shmem(PAGES * 4096L);
        PageInstaller installer = installer(object);
        long frame = frames.allocate(PageSize.SIZE_4K);
        object.insert(1, frame);

        assertThat(installer.install(batch(Resolution.CONTINUE, 0), 0)).isEqualTo(Outcome.NOT_CACHED);
        assertThat(installer.install(batch(Resolution.CONTINUE, 1), 0)).isEqualTo(Outcome.DONE);

        assertThat(Entry.frame(space.hva().walk(slot.hvaOf(1)))).isEqualTo(frame);
        assertThat(installer.install(batch(Resolution.CONTINUE, 1), 0)).as("again").isEqualTo(Outcome.DONE);
    }

    @Test
    void shouldBeDoneButMapNothingWhenACopyFindsThePageInTheCacheOnly() {
        MemoryObject object = MemoryObject.shmem(PAGES * 4096L);
        PageInstaller installer = installer(object);
        object.insert(1, frames.allocate(PageSize.SIZE_4K));

        assertThat(installer.install(batch(Resolution.COPY, 1), 0)).isEqualTo(Outcome.DONE);

        // The waiter, once woken, finds a minor fault.
        assertThat(space.hva().walk(slot.hvaOf(1))).isEqualTo(Entry.NONE);
    }

    @Test
    void shouldZeroHugePagesByCopyingZeros() {
        PageInstaller installer = installer(MemoryObject.hugetlb(PageSize.SIZE_2M, PAGES * PageSize.SIZE_2M.bytes()));

        assertThat(installer.install(batch(Resolution.ZEROPAGE, 3), 0)).isEqualTo(Outcome.DONE);

        assertThat(word(3)).isZero();
    }

    @Test
    void shouldLetWritesThroughAgain() {
        PageInstaller installer = anon();
        installer.install(batch(Resolution.COPY, 0), 0);
        port.writeProtect(slot.hvaOf(0), 4096, UserfaultModes.WRITEPROTECT_WP);

        assertThat(installer.install(batch(Resolution.UNPROTECT, 0), 0)).isEqualTo(Outcome.DONE);

        assertThat(Entry.isUffdWp(space.hva().walk(slot.hvaOf(0)))).isFalse();
    }
}
