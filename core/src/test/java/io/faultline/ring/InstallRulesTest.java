package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.Test;

class InstallRulesTest {
    private static final long HVA = 1L << 40;
    private static final int PAGES = 4;
    private static final long PAGE = PageSize.BASE_BYTES;

    private final MemslotPages slot = new MemslotPages(0, 10, PAGES, HVA, PageSize.SIZE_4K);
    private final AddressSpace space = new AddressSpace(1, FramePool.tokens(64));
    private final SimulatedUserfaultPort port = new SimulatedUserfaultPort(0, space,
            UserfaultFeatures.EVENT_REMOVE | UserfaultFeatures.MINOR_SHMEM, new WokenWaiters());
    private final FaultCounters counters = new FaultCounters();
    private final MemslotLedger ledger = new MemslotLedger(slot, space.hva(), new BitSet(), counters, 0, 0);
    private final List<String> told = new ArrayList<>();
    private boolean held;
    private final InstallRules rules =
            new InstallRules(ledger, new PageInstaller(port, slot, false, true, true), counters,
                    new InstallRules.Host() {
                        @Override
                        public boolean holdsBack(long page) {
                            return held;
                        }

                        @Override
                        public void written(long page) {
                            told.add("written " + page);
                        }

                        @Override
                        public void map(long page, boolean write) {
                            told.add("map " + page);
                        }

                        @Override
                        public void wake(long page) {
                            told.add("wake " + page);
                        }
                    });

    private void map(MemoryObject object, int modes) {
        assertThat(space.mmap(HVA, slot.bytes(), object, 0, AddressSpace.PROT_READ | AddressSpace.PROT_WRITE,
                object.kind() != MemoryObject.Kind.ANON)).isEqualTo(Errno.OK);
        assertThat(port.register(HVA, slot.bytes(), modes).isOk()).isTrue();
    }

    private void mapAnon() {
        map(MemoryObject.anon(PageSize.SIZE_4K, slot.bytes()), UserfaultModes.REGISTER_MISSING);
    }

    private PageBatch fault(int index, Resolution resolution) {
        assertThat(port.raise(0, slot.hvaOf(index), false, 0)).isEqualTo(RaiseOutcome.QUEUED);
        UserfaultMessages messages = new UserfaultMessages(4);
        port.read(messages);
        return filled(Objects.requireNonNull(ledger.takeUp(messages, page -> told.add("over " + page))), resolution);
    }

    private static PageBatch filled(PageBatch batch, Resolution resolution) {
        batch.resolution(resolution);
        batch.slot(0, 0, PageBuffer.tokens(PageSize.SIZE_4K, 1));
        return batch;
    }

    @Test
    void shouldMapBeforeItWakes() {
        mapAnon();

        assertThat(rules.install(fault(1, Resolution.COPY))).isEqualTo(1);

        assertThat(told).containsExactly("map 11", "wake 11");
        assertThat(ledger.pendingPages()).isZero();
    }

    @Test
    void shouldWakeAlsoWhenThePageWasThereAlready() {
        mapAnon();
        PageBatch batch = fault(1, Resolution.COPY);
        port.zeropage(slot.hvaOf(1), PAGE, UserfaultModes.ZEROPAGE_DONTWAKE);

        assertThat(rules.install(batch)).isEqualTo(1);

        assertThat(told).containsExactly("map 11", "wake 11");
    }

    @Test
    void shouldIgnoreAnAnswerThatWasGivenUp() {
        mapAnon();
        PageBatch late = fault(1, Resolution.COPY);
        ledger.reissueAll();

        assertThat(rules.install(late)).isZero();

        assertThat(late.unfinished()).isZero();
        assertThat(counters.lateInstalls.sum()).isEqualTo(1);
        assertThat(told).isEmpty();
        assertThat(ledger.pendingPages()).isEqualTo(1);
    }

    @Test
    void shouldParkUntilTheEventIsRead() {
        mapAnon();
        PageBatch batch = fault(1, Resolution.COPY);
        port.removeEvent(1, slot.hvaOf(3), slot.hvaEnd());

        assertThat(rules.install(batch)).isZero();
        assertThat(rules.parkedPages()).isEqualTo(1);
        assertThat(batch.unfinished()).isEqualTo(1);

        port.read(new UserfaultMessages(4));
        List<Integer> installed = new ArrayList<>();
        rules.retryParked((tried, count) -> installed.add(count));

        assertThat(installed).containsExactly(1);
        assertThat(batch.unfinished()).isZero();
        assertThat(told).containsExactly("map 11", "wake 11");
    }

    @Test
    void shouldParkWhatIsHeldBackAndDropItWhenTold() {
        mapAnon();
        held = true;
        PageBatch batch = fault(1, Resolution.COPY);
        assertThat(rules.install(batch)).isZero();

        List<PageBatch> dropped = new ArrayList<>();
        rules.dropParked((one, _) -> dropped.add(one));

        assertThat(dropped).containsExactly(batch);
        assertThat(rules.parkedPages()).isZero();
        assertThat(batch.unfinished()).isZero();
        assertThat(rules.takeFrameWanted()).isFalse();
    }

    @Test
    void shouldAskAgainForWhatIsNotInThePageCache() {
        map(MemoryObject.shmem(slot.bytes()), UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_MINOR);
        PageBatch batch = fault(1, Resolution.CONTINUE);

        assertThat(rules.install(batch)).isZero();

        PageBatch again = Objects.requireNonNull(rules.takeAgain());
        assertThat(again.page(0)).isEqualTo(11);
        assertThat(again.attempt(0)).isGreaterThan(batch.attempt(0));
        assertThat(rules.takeAgain()).isNull();
        assertThat(told).isEmpty();
    }

    @Test
    void shouldWakeWhoWaitsForWhatIsGone() {
        mapAnon();
        PageBatch batch = fault(1, Resolution.COPY);
        assertThat(space.munmap(slot.hvaOf(1), PAGE)).isEqualTo(Errno.OK);

        assertThat(rules.install(batch)).isZero();

        assertThat(told).containsExactly("wake 11");
        assertThat(ledger.pendingPages()).isZero();
    }
}
