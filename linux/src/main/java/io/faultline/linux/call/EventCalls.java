package io.faultline.linux.call;

import static io.faultline.linux.call.Native.INT;
import static io.faultline.linux.call.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Waiting for descriptors: epoll(7) and eventfd(2). */
public final class EventCalls {
    /** Readable. */
    public static final int EPOLLIN = 1;
    /** In error; always reported. */
    public static final int EPOLLERR = 8;
    /** Hung up; always reported. */
    public static final int EPOLLHUP = 0x10;

    /** Reported once when something has come, not for as long as it is there. */
    public static final int EPOLLET = 1 << 31;

    /** Bytes of struct epoll_event: x86-64 packs it. */
    public static final int EPOLL_EVENT_BYTES = 12;

    static final int EPOLL_EVENT_DATA_OFFSET = 4;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;

    private static final MethodHandle EPOLL_CREATE1 = Native.function("epoll_create1", INT, INT);
    private static final MethodHandle EPOLL_CTL = Native.function("epoll_ctl", INT, INT, INT, INT, POINTER);
    private static final MethodHandle EPOLL_WAIT = Native.function("epoll_wait", INT, INT, POINTER, INT, INT);
    private static final MethodHandle EVENTFD = Native.function("eventfd", INT, INT, INT);

    private EventCalls() {}

    /**
     * epoll_create1(2), closed by exec.
     *
     * @return the descriptor, or the negative errno
     */
    public static int epollCreate() {
        CallState state = CallState.ofThread();
        try {
            // Safe: no memory is involved.
            return (int) state.answer((int) EPOLL_CREATE1.invokeExact(state.captured(), FileFlags.O_CLOEXEC));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * Has an epoll watch a descriptor (EPOLL_CTL_ADD).
     *
     * @param epoll who watches
     * @param descriptor whom
     * @param events {@code EPOLL} bits
     * @param data comes back with its events
     * @return 0, or the negative errno
     */
    public static int epollAdd(int epoll, int descriptor, int events, long data) {
        return control(epoll, EPOLL_CTL_ADD, descriptor, events, data);
    }

    /**
     * Has an epoll watch a descriptor no more (EPOLL_CTL_DEL). Call it before the descriptor is closed: an epoll goes on
     * watching what has another descriptor.
     *
     * @param epoll who watches
     * @param descriptor whom
     * @return 0, or the negative errno
     */
    public static int epollRemove(int epoll, int descriptor) {
        return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
    }

    private static int control(int epoll, int operation, int descriptor, int events, long data) {
        CallState state = CallState.ofThread();
        MemorySegment event = state.arguments();
        event.set(ValueLayout.JAVA_INT, 0, events);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, EPOLL_EVENT_DATA_OFFSET, data);
        try {
            // Safe: the kernel reads the event, which is this thread's, during the call only.
            return (int) state.answer(
                    (int) EPOLL_CTL.invokeExact(state.captured(), epoll, operation, descriptor, event));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * epoll_wait(2).
     *
     * @param epoll who watches
     * @param events takes as many events as it has room for, each {@link #EPOLL_EVENT_BYTES} long
     * @param timeoutMillis how long to wait; 0 not at all, -1 for ever
     * @return how many events there are, or the negative errno
     */
    public static int epollWait(int epoll, MemorySegment events, int timeoutMillis) {
        CallState state = CallState.ofThread();
        int room = Math.toIntExact(events.byteSize() / EPOLL_EVENT_BYTES);
        try {
            // Safe: the kernel writes no more events than there is room for. It blocks in native state.
            return (int) state.answer(
                    (int) EPOLL_WAIT.invokeExact(state.captured(), epoll, events, room, timeoutMillis));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * The data of an event.
     *
     * @param events what {@link #epollWait} filled
     * @param index of the event
     * @return what {@link #epollAdd} was given
     */
    public static long data(MemorySegment events, int index) {
        return events.get(
                ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EPOLL_EVENT_BYTES + EPOLL_EVENT_DATA_OFFSET);
    }

    /**
     * The bits of an event.
     *
     * @param events what {@link #epollWait} filled
     * @param index of the event
     * @return {@code EPOLL} bits
     */
    public static int bits(MemorySegment events, int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EPOLL_EVENT_BYTES);
    }

    /**
     * eventfd(2), closed by exec and never blocking.
     *
     * @return the descriptor, or the negative errno
     */
    public static int eventfd() {
        CallState state = CallState.ofThread();
        try {
            // Safe: no memory is involved.
            return (int) state.answer(
                    (int) EVENTFD.invokeExact(state.captured(), 0, FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }
}
