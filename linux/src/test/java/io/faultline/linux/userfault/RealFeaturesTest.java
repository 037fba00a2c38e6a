package io.faultline.linux.userfault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.call.MemoryCalls;
import io.faultline.linux.call.MemoryFlags;
import io.faultline.linux.call.ProcessCalls;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.linux.memory.RegionBacking;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultIoctls;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What features change in the messages of the real kernel; where the simulated one cannot be asked the same. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RealFeaturesTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final long READ_NANOS = 4711;

    private final UserfaultMessages messages = new UserfaultMessages(8);
    private final MemorySegment bytes = Arena.ofAuto().allocate(8);

    private static NativeUserfaultPort open(long features) {
        return NativeUserfaultPort.open(LinuxSupport.probe().opening(), features, () -> READ_NANOS);
    }

    private static NativeRegion anonymous(int pages) {
        return NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, pages * PAGE);
    }

    private static void register(NativeUserfaultPort port, NativeRegion region) {
        IoctlResult result = port.register(region.address(), region.bytes(), UserfaultModes.REGISTER_MISSING);
        assertThat(result.errno()).isEqualTo(Errno.OK);
    }

    private void awaitMessage(NativeUserfaultPort port) {
        messages.clear();
        while (port.read(messages) == Errno.EAGAIN) {
            Thread.onSpinWait();
        }
        assertThat(messages.count()).isEqualTo(1);
    }

    private static Thread start(Runnable action) {
        return Thread.ofPlatform().daemon().name(NothingLeft.THREAD_PREFIX + "-action").start(action);
    }

    @Test
    void shouldTellThreadAndExactAddressWhereAskedFor() throws Exception {
        try (NativeRegion region = anonymous(2);
                NativeUserfaultPort port =
                        open(UserfaultFeatures.THREAD_ID | UserfaultFeatures.EXACT_ADDRESS)) {
            register(port, region);
            AtomicInteger who = new AtomicInteger();
            Thread thread = start(() -> {
                who.set(ProcessCalls.gettid());
                region.read(PAGE + 40, bytes);
            });
            awaitMessage(port);
            assertThat(messages.thread(0)).isEqualTo(who.get());
            assertThat(messages.raisedNanos(0)).isEqualTo(READ_NANOS);
            // process_vm_readv(2) asks for whole pages, so even the exact address is one's first.
            assertThat(messages.address(0)).isEqualTo(region.address() + PAGE);
            port.zeropage(region.address() + PAGE, PAGE, 0);
            thread.join();
        }
        try (NativeRegion region = anonymous(1); NativeUserfaultPort port = open(0)) {
            register(port, region);
            Thread thread = start(() -> region.read(40, bytes));
            awaitMessage(port);
            assertThat(messages.thread(0)).isEqualTo(UserfaultMessages.NO_THREAD);
            assertThat(messages.address(0)).isEqualTo(region.address());
            port.zeropage(region.address(), PAGE, 0);
            thread.join();
        }
    }

    @Test
    void shouldTellOfMemoryThatIsMovedAndUnmapped() throws Exception {
        long features = UserfaultFeatures.EVENT_REMAP | UserfaultFeatures.EVENT_UNMAP;
        NativeRegion target = anonymous(2);
        long length = target.bytes();
        int anonymous = MemoryFlags.MAP_PRIVATE | MemoryFlags.MAP_ANONYMOUS;
        // No region: once it is moved, its old place is anybody's, and must not be unmapped again.
        long source = MemoryCalls.mmap(0, length, MemoryFlags.PROT_READ | MemoryFlags.PROT_WRITE, anonymous, -1, 0);
        try (NativeUserfaultPort port = open(features)) {
            assertThat(port.register(source, length, UserfaultModes.REGISTER_MISSING).isOk()).isTrue();
            int flags = MemoryFlags.MREMAP_MAYMOVE | MemoryFlags.MREMAP_FIXED;
            FutureTask<Long> move =
                    new FutureTask<>(() -> MemoryCalls.mremap(source, length, length, flags, target.address()));
            Thread thread = start(move);
            awaitMessage(port);
            assertThat(messages.event(0)).isEqualTo(UserfaultEvents.REMAP);
            assertThat(messages.start(0)).isEqualTo(source);
            assertThat(messages.end(0)).isEqualTo(target.address());
            assertThat(messages.length(0)).isEqualTo(length);
            awaitMessage(port);
            assertThat(messages.event(0)).isEqualTo(UserfaultEvents.UNMAP);
            assertThat(messages.start(0)).isEqualTo(source);
            assertThat(move.get()).isEqualTo(target.address());
            thread.join();
            // The registration went along.
            assertThat(port.zeropage(target.address(), PAGE, 0).isOk()).isTrue();
            assertThat(port.zeropage(source, PAGE, 0).errno()).isEqualTo(Errno.ENOENT);
            Thread unmapping = start(target::close);
            awaitMessage(port);
            assertThat(messages.event(0)).isEqualTo(UserfaultEvents.UNMAP);
            assertThat(messages.start(0)).isEqualTo(target.address());
            assertThat(messages.end(0)).isEqualTo(target.address() + target.bytes());
            unmapping.join();
        }
    }

    @Test
    void shouldAnswerEfaultWithoutAMessageWhereSignalsWereAskedFor() {
        try (NativeRegion region = anonymous(1); NativeUserfaultPort port = open(UserfaultFeatures.SIGBUS)) {
            register(port, region);
            assertThat(region.read(0, bytes)).isEqualTo(Errno.EFAULT);
            assertThat(port.read(messages)).isEqualTo(Errno.EAGAIN);
        }
    }

    /** Eight threads on one page are eight messages: the kernel merges nothing. */
    @Test
    void shouldReadAllMessagesThereAreAtOnceAndNoMoreThanFit() throws Exception {
        try (NativeRegion region = anonymous(1); NativeUserfaultPort port = open(0)) {
            register(port, region);
            Thread[] threads = new Thread[12];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = start(() -> region.read(0, Arena.ofAuto().allocate(1)));
            }
            int told = 0;
            while (told < threads.length) {
                messages.clear();
                if (port.read(messages) == Errno.OK) {
                    assertThat(messages.count()).isBetween(1, messages.capacity());
                    told += messages.count();
                }
            }
            assertThat(port.copy(region.address(), PageBuffer.bytes(PageSize.SIZE_4K, 1), 0, PAGE, 0).isOk()).isTrue();
            for (Thread thread : threads) {
                thread.join();
            }
            messages.clear();
            while (!messages.isFull()) {
                messages.addFault(0, 0, 0, 0);
            }
            assertThat(port.read(messages)).as("no room").isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void shouldNeverUseADescriptorAfterItsClose() {
        NativeUserfaultPort port = open(0);
        port.close();
        try (NativeUserfaultPort other = open(0)) { // most probably with the same number
            port.close();
            assertThat(port.api(UserfaultIoctls.API_VERSION, 0).errno()).isEqualTo(Errno.EINVAL);
            assertThat(port.wake(0, PAGE).errno()).isEqualTo(Errno.EINVAL);
            assertThat(other.wake(1L << 40, PAGE).isOk()).isTrue();
            assertThatThrownBy(port::descriptor).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(port::keep).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> open(1L << 40))
                .isInstanceOf(LinuxCallException.class)
                .hasMessageContaining("features 0x10000000000: EINVAL");
    }
}
