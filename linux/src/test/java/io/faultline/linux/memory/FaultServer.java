package io.faultline.linux.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;

import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.call.EventCalls;
import io.faultline.linux.call.FileCalls;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;

/** A small fault handler on a thread: gathers faults, and from when it is told fills each page with its number. */
public final class FaultServer {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final NativeRegion region;
    private final NativeUserfaultPort port;
    private final int expected;
    private final CountDownLatch gathered = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final Thread thread;
    private int faults;

    /** Serves the region; does nothing before so many faults are pending and {@link #resolve} is called. */
    public FaultServer(NativeRegion region, int expected) {
        this.region = region;
        this.expected = expected;
        long features = UserfaultFeatures.PAGEFAULT_FLAG_WP | UserfaultFeatures.POISON | UserfaultFeatures.THREAD_ID;
        port = NativeUserfaultPort.open(LinuxSupport.probe().opening(), features, NanoClock.monotonic());
        if (!port.register(region.address(), region.bytes(), UserfaultModes.REGISTER_MISSING).isOk()) {
            throw new IllegalStateException("registering the " + region + " failed");
        }
        thread = Thread.ofPlatform().daemon().name(NothingLeft.THREAD_PREFIX + "-server").start(this::serve);
    }

    private void serve() {
        UserfaultMessages messages = new UserfaultMessages(expected);
        PageBuffer page = PageBuffer.bytes(PageSize.SIZE_4K, 1);
        int epoll = EventCalls.epollCreate();
        EventCalls.epollAdd(epoll, port.descriptor(), EventCalls.EPOLLIN, 0);
        MemorySegment events = Arena.ofAuto().allocate(EventCalls.EPOLL_EVENT_BYTES);
        while (messages.count() < expected) {
            EventCalls.epollWait(epoll, events, -1);
            port.read(messages);
        }
        FileCalls.close(epoll);
        gathered.countDown();
        try {
            go.await();
        } catch (InterruptedException end) {
            return;
        }
        for (int i = 0; i < messages.count(); i++) {
            long address = messages.address(i);
            page.bytes().fill((byte) ((address - region.address()) / PAGE));
            Errno errno = port.copy(address, page, 0, PAGE, 0).errno();
            if (errno == Errno.EEXIST) {
                port.wake(address, PAGE);
            }
            faults++;
        }
    }

    /** Waits until all expected faults are pending. */
    public void awaitPending() throws InterruptedException {
        gathered.await();
    }

    /** Resolves them. */
    public void resolve() {
        go.countDown();
    }

    /** How many were resolved; after {@link #end}. */
    public int faults() {
        return faults;
    }

    /** Ends it, when what was expected has come. */
    public void end() throws InterruptedException {
        go.countDown();
        thread.join();
        port.close();
    }
}
