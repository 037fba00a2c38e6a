package io.faultline.linux.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Consumer;

import io.faultline.linux.call.EventCalls;
import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.memory.Errno;
import org.jspecify.annotations.Nullable;

/**
 * An epoll and an eventfd that ends its waiting. Descriptors are watched edge-triggered: each is reported once when something
 * has come, not again and again for as long as nobody reads it.
 *
 * <p>One thread calls everything but {@link #wakeUp}, which any may.
 */
final class Poller implements AutoCloseable {
    private static final int EVENTS = 64;
    private static final int FOR_EVER = -1;

    private final int epoll;
    private final int bell;
    private final MemorySegment events =
            Arena.ofAuto().allocate((long) EVENTS * EventCalls.EPOLL_EVENT_BYTES, Long.BYTES);
    private final MemorySegment one = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 1);
    private final MemorySegment count = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private final Consumer<Runnable> reported;
    private @Nullable Runnable[] watches = new @Nullable Runnable[16];
    private boolean closed;

    /**
     * Opens both descriptors.
     *
     * @param reported is handed the action of each watched descriptor that is ready
     */
    Poller(Consumer<Runnable> reported) {
        this.reported = reported;
        epoll = (int) LinuxCallException.check(EventCalls.epollCreate(), "epoll_create1");
        int eventfd = EventCalls.eventfd();
        if (eventfd < 0) {
            FileCalls.close(epoll);
        }
        bell = (int) LinuxCallException.check(eventfd, "eventfd");
        watch(bell, () -> {});
    }

    /** Has a descriptor watched. */
    void watch(int descriptor, Runnable readable) {
        if (descriptor >= watches.length) {
            watches = Arrays.copyOf(watches, Math.max(descriptor + 1, 2 * watches.length));
        }
        LinuxCallException.check(
                EventCalls.epollAdd(epoll, descriptor, EventCalls.EPOLLIN | EventCalls.EPOLLET, descriptor),
                "watching descriptor " + descriptor);
        watches[descriptor] = readable;
    }

    void unwatch(int descriptor) {
        LinuxCallException.check(
                EventCalls.epollRemove(epoll, descriptor), "watching descriptor " + descriptor + " no more");
        watches[descriptor] = null;
    }

    /** Reports what is ready, without waiting; whether anything was. */
    boolean poll() {
        return report(0);
    }

    /** Waits until something is ready, or {@link #wakeUp} is called, and reports it. */
    void await() {
        report(FOR_EVER);
    }

    private boolean report(int timeoutMillis) {
        int ready = EventCalls.epollWait(epoll, events, timeoutMillis);
        if (ready == -Errno.EINTR.number()) {
            return false;
        }
        LinuxCallException.check(ready, "epoll_wait");
        for (int i = 0; i < ready; i++) {
            int descriptor = (int) EventCalls.data(events, i);
            Runnable watch = watches[descriptor];
            if (descriptor == bell) {
                FileCalls.read(bell, count); // and it rings again
            } else if (watch != null) {
                reported.accept(watch);
            }
        }
        return ready > 0;
    }

    /** Ends an {@link #await}, also one that begins only afterwards. Any thread may call it. */
    synchronized void wakeUp() {
        if (!closed) { // its number may be somebody else's descriptor by then
            FileCalls.write(bell, one);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        FileCalls.close(bell);
        FileCalls.close(epoll);
    }
}
