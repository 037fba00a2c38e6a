package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HvaLeaseTest {
    private static final long START = 1L << 40;
    private static final long PAGE = 4096;

    private final AddressSpace space = new AddressSpace(1, FramePool.tokens(64));

    @BeforeEach
    void mapAnonymousMemory() {
        space.mmap(START, 64 * PAGE, MemoryObject.anon(PageSize.SIZE_4K, 64 * PAGE), 0,
                AddressSpace.PROT_READ | AddressSpace.PROT_WRITE, false);
    }

    @Test
    void shouldLetTheHolderWriteUntilItIsRecalledAndAgainAfterwards() {
        HvaLease lease = space.lease(START, START + 8 * PAGE);
        assertThat(lease.begin()).isTrue();
        lease.finish();

        assertThat(lease.recall()).isTrue();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.begin()).isFalse();
        assertThat(space.isRecalled(START + 7 * PAGE, START + 9 * PAGE)).isTrue();
        assertThat(space.isRecalled(START + 8 * PAGE, START + 9 * PAGE)).isFalse();

        lease.restore();
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.begin()).isTrue();
    }

    @Test
    void shouldRecallAtTheEndOfTheBatchThatIsBeingWritten() {
        HvaLease lease = space.lease(START, START + 8 * PAGE);
        assertThat(lease.begin()).isTrue();

        assertThat(lease.recall()).isFalse();
        assertThat(lease.isRecalled()).isFalse();
        assertThatThrownBy(lease::restore).isInstanceOf(IllegalStateException.class);
        lease.finish();

        assertThat(lease.isRecalled()).isTrue();
        assertThat(lease.recall()).isTrue();
        assertThatThrownBy(lease::finish).hasMessageContaining("was not being written");
    }

    @Test
    void shouldRefuseTwoWritersOfOneRange() {
        HvaLease lease = space.lease(START, START + 8 * PAGE);
        HvaLease next = space.lease(START + 8 * PAGE, START + 9 * PAGE);

        assertThat(space.leases(START, START + 9 * PAGE)).containsExactly(lease, next);
        assertThatThrownBy(() -> space.lease(START + 7 * PAGE, START + 9 * PAGE))
                .hasMessageContaining("leased already");
        space.endLease(lease);
        assertThat(space.lease(START + 7 * PAGE, START + 8 * PAGE).start()).isEqualTo(START + 7 * PAGE);
    }

    @Test
    void shouldChangeMappingsOnlyWhenTheLeasesInTheRangeAreRecalled() {
        HvaLease lease = space.lease(START, START + 8 * PAGE);

        assertThatThrownBy(() -> space.munmap(START, PAGE)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("recall the lease");
        assertThatThrownBy(() -> space.mprotect(START, PAGE, AddressSpace.PROT_READ))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> space.discard(START + 7 * PAGE, 2 * PAGE)).isInstanceOf(IllegalStateException.class);
        assertThat(space.discard(START, 8 * PAGE)).as("the holder itself may").isEqualTo(Errno.OK);

        lease.recall();
        assertThat(space.munmap(START, PAGE)).isEqualTo(Errno.OK);
    }

    @Test
    void shouldNeverLetHolderAndRecallerInAtOnce() throws Exception {
        HvaLease lease = space.lease(START, START + 8 * PAGE);
        AtomicBoolean holderInside = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Integer> holder = threads.submit(() -> {
                int batches = 0;
                while (!done.get()) {
                    if (lease.begin()) {
                        holderInside.set(true);
                        Thread.onSpinWait();
                        holderInside.set(false);
                        lease.finish();
                        batches++;
                    }
                }
                return batches;
            });
            int recalls = 0;
            try {
                while (recalls < 20_000) {
                    if (lease.recall()) {
                        assertThat(holderInside.get()).isFalse();
                        recalls++;
                        lease.restore();
                    }
                }
            } finally {
                done.set(true);
            }
            assertThat(holder.get()).isNotNegative();
        }
    }
}
