package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import org.junit.jupiter.api.Test;

/** Raising, reading and waking make no garbage once the queue has its size. */
class RaiseAllocationTest {
    private static final long START = 1L << 40;
    private static final int WAITERS = 4096;
    private static final int ROUNDS = 20;

    private final AddressSpace space = new AddressSpace(1, FramePool.tokens(16));
    private final int[] woken = new int[1];
    private final SimulatedUserfaultPort port =
            new SimulatedUserfaultPort(1, space, 0, (waiter, address, write, nanos) -> woken[0]++);
    private final UserfaultMessages messages = new UserfaultMessages(WAITERS);

    @Test
    void shouldNotAllocatePerFault() {
        long bytes = WAITERS * PageSize.BASE_BYTES;
        space.mmap(START, bytes, MemoryObject.anon(PageSize.SIZE_4K, bytes), 0, 3, false);
        port.register(START, bytes, UserfaultModes.REGISTER_MISSING);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        round();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(woken[0]).isEqualTo((ROUNDS + 1) * WAITERS);
        assertThat(allocated).as("bytes over %d faults", ROUNDS * WAITERS).isLessThan(ROUNDS * WAITERS);
    }

    private void round() {
        for (int waiter = 0; waiter < WAITERS; waiter++) {
            port.raise(waiter, START + waiter * PageSize.BASE_BYTES, true, waiter);
        }
        port.read(messages);
        assertThat(messages.count()).isEqualTo(WAITERS);
        messages.clear();
        for (int page = 0; page < WAITERS; page++) {
            port.wake(START + page * PageSize.BASE_BYTES, PageSize.BASE_BYTES);
        }
    }
}
