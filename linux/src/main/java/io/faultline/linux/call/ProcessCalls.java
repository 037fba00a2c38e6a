package io.faultline.linux.call;

import static io.faultline.linux.call.Native.INT;
import static io.faultline.linux.call.Native.LONG;

import java.lang.invoke.MethodHandle;

/** Calls that take and give numbers only. */
public final class ProcessCalls {
    /** userfaultfd(2): serves faults of user mode only, not those of system calls; needs no privilege. */
    public static final int UFFD_USER_MODE_ONLY = 1;

    /** The C library has no function for it; the number is x86-64's. */
    private static final long SYS_USERFAULTFD = 323;

    private static final MethodHandle GETTID = Native.function("gettid", INT);
    private static final MethodHandle SYSCALL_WITH_INT = Native.variadic("syscall", 1, LONG, LONG, INT);

    private ProcessCalls() {}

    /**
     * gettid(2).
     *
     * @return the kernel's number of the calling platform thread, as in the messages of a userfaultfd with THREAD_ID
     */
    public static int gettid() {
        CallState state = CallState.ofThread();
        try {
            // Safe: it takes nothing and cannot fail.
            return (int) GETTID.invokeExact(state.captured());
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * userfaultfd(2).
     *
     * @param flags {@link FileFlags#O_CLOEXEC}, {@link FileFlags#O_NONBLOCK}, {@link #UFFD_USER_MODE_ONLY}
     * @return the descriptor, or the negative errno
     */
    public static int userfaultfd(int flags) {
        CallState state = CallState.ofThread();
        try {
            // Safe: a number in, a number out; nothing is watched before it is registered.
            return (int) state.answer(
                    (long) SYSCALL_WITH_INT.invokeExact(state.captured(), SYS_USERFAULTFD, flags));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }
}
