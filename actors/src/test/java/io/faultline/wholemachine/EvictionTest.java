package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.embed.World;
import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.source.PageStore;
import io.faultline.source.PageStores;
import io.faultline.source.ReadResult;
import io.faultline.source.StoreSpec;
import io.faultline.units.MemorySize;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages go out and come back with what was written to them, whatever happens meanwhile. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EvictionTest {
    private static final int ACCESSES = 8_000;

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldBringEvictedPagesBackWithWhatWasWrittenToThem(TestWorld world) {
        Report report = world.run(spec -> spec.evictAbovePercent(40),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isGreaterThan(1_000);
        assertThat(report.faults().missing()).as("pages fault again and again").isGreaterThan(1_000);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.flush().requests()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldEvictTokensAsWellAsBytes(TestWorld world) {
        Report report = world.run(spec -> spec.evictAbovePercent(40).contents(PageContents.TOKENS),
                Workloads.zipf(0.8).accesses(ACCESSES).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldEvictFromThePageCacheToo(TestWorld world) {
        Report report = world.run(spec -> spec.evictAbovePercent(40).backing(Backing.SHMEM),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isGreaterThan(500);
    }

    /** The page cache is full before the first fault, whatever may stay mapped. */
    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldEvictPagesThatMinorFaultsMapped(TestWorld world) {
        AtomicBoolean readBack = new AtomicBoolean(world == TestWorld.VIRTUAL); // where a run cannot be over too soon
        StoreSpec heard = shape -> new HeardStore(PageStores.temporaryFile().open(shape), readBack);
        Report report = world.run(
                spec -> spec.backing(Backing.SHMEM).minorFaults(true).evictAbovePercent(60).store(heard),
                new LingeringWorkload(Workloads.random().accesses(100_000).writeRatio(0.1), readBack::get));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
        assertThat(report.io().reads()).as("what was evicted is read from the store").isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldEvictHugePages(TestWorld world) {
        Report report = world.run(spec -> spec.memory(MemorySize.mebibytes(64))
                .pageSize(PageSize.SIZE_2M)
                .memslots(2)
                .contents(PageContents.TOKENS)
                .evictAbovePercent(50), Workloads.random().accesses(600).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldKeepAPageWhoseSaveFails(TestWorld world) {
        StoreSpec failing = shape -> new FailingStore(PageStores.temporaryFile().open(shape), 3);

        Report report = world.run(spec -> spec.evictAbovePercent(50).store(failing),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().saveErrors()).isPositive();
        assertThat(report.pages().evicted()).isPositive();
    }

    /** The pages would be taken and stay for ever, and who waits for their room with them. */
    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldEndWithAnErrorWhenNothingCanBeSavedAnyMore(TestWorld world) {
        StoreSpec full = shape -> new FailingStore(PageStores.temporaryFile().open(shape), 1);

        assertThatThrownBy(() -> world.run(spec -> spec.evictAbovePercent(50).store(full).fetchBackoffNanos(10_000),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5)))
                .hasMessageContaining("saved nothing of 64 batches of evicted pages in a row");
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldLoseNothingWhenHandlersCrashWhilePagesComeAndGo(TestWorld world) {
        Report report = world.run(
                spec -> spec.evictAbovePercent(40).resolutionPolicy(new CrashingPolicy(200)),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldHoldUnderTheOracleInEverySchedule(long seed) {
        MachineSpec spec = MachineSpec.builder()
                .vcpus(6)
                .memory(new MemorySize(64 * 4096))
                .memslots(2)
                .inFlight(8)
                .evictAbovePercent(30)
                .oracle(OracleLevel.FULL)
                .seed(seed)
                .build();

        Report report = World.virtual(seed).run(spec, Workloads.random().accesses(3_000).writeRatio(0.6));

        assertThat(report.brokenInvariants()).as("seed %d", seed).isEmpty();
        assertThat(report.pages().evicted()).as("seed %d", seed).isGreaterThan(300);
        assertThat(report.faults().failed()).as("seed %d", seed).isZero();
    }

    /** A store whose every n-th write fails. */
    private static final class FailingStore extends ForwardingStore {
        private final int every;
        private final AtomicInteger writes = new AtomicInteger();

        FailingStore(PageStore store, int every) {
            super(store);
            this.every = every;
        }

        @Override
        public ReadResult write(long firstPage, PageBuffer source) {
            if (writes.incrementAndGet() % every == 0) {
                return ReadResult.failed("the disk is full");
            }
            return super.write(firstPage, source);
        }
    }

    /** A store that says when it is first read from. */
    private static final class HeardStore extends ForwardingStore {
        private final AtomicBoolean read;

        HeardStore(PageStore store, AtomicBoolean read) {
            super(store);
            this.read = read;
        }

        @Override
        public ReadResult read(long firstPage, PageBuffer destination) {
            read.set(true);
            return super.read(firstPage, destination);
        }
    }

    /** A policy that throws at every n-th decision. */
    private static final class CrashingPolicy implements ResolutionPolicy {
        private final ResolutionPolicy policy = ResolutionPolicies.fetchAndCopy();
        private final int every;
        private final AtomicInteger decisions = new AtomicInteger();

        CrashingPolicy(int every) {
            this.every = every;
        }

        @Override
        public String name() {
            return "crashing";
        }

        @Override
        public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
            if (decisions.incrementAndGet() % every == 0) {
                throw new IllegalStateException("a crash on purpose");
            }
            return policy.decide(kind, page, write, removed);
        }
    }
}
