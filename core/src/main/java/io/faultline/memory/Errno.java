package io.faultline.memory;

import org.jspecify.annotations.Nullable;

/** The error numbers that a kernel answers with, Linux's own or the simulated one; its errors are values, not exceptions. */
public enum Errno {
    /** No error. */
    OK(0),
    /** Operation not permitted. */
    EPERM(1),
    /** No such file, range or page. */
    ENOENT(2),
    /** No such process: the address space is gone. */
    ESRCH(3),
    /** A signal came first: call again. */
    EINTR(4),
    /** Input or output error: the page is poisoned. */
    EIO(5),
    /** No such descriptor. */
    EBADF(9),
    /** Try again. */
    EAGAIN(11),
    /** Out of memory, or no such mapping. */
    ENOMEM(12),
    /** Permission denied. */
    EACCES(13),
    /** Bad address. */
    EFAULT(14),
    /** Device or resource busy. */
    EBUSY(16),
    /** Exists already. */
    EEXIST(17),
    /** Invalid argument. */
    EINVAL(22),
    /** Too many open files: see {@code ulimit -n}. */
    EMFILE(24),
    /** No such ioctl for this descriptor. */
    ENOTTY(25),
    /** No space left. */
    ENOSPC(28),
    /** No such system call. */
    ENOSYS(38);

    private static final @Nullable Errno[] BY_NUMBER = byNumber();

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    private static @Nullable Errno[] byNumber() {
        @Nullable
        Errno[] table = new @Nullable Errno[ENOSYS.number + 1];
        for (Errno errno : values()) {
            table[errno.number] = errno;
        }
        return table;
    }

    /**
     * Returns the error with that number.
     *
     * @param number
     *            positive, or 0 for {@link #OK}
     * @throws IllegalArgumentException
     *             when there is none here; {@link #describe} names it all the same
     */
    public static Errno ofNumber(int number) {
        Errno errno = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        if (errno == null) {
            throw new IllegalArgumentException("errno " + number + " is none that a handler knows what to do about");
        }
        return errno;
    }

    /** Returns the name of an error, or its number where it has no constant here. */
    public static String describe(int number) {
        Errno errno = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return errno != null ? errno.name() : "errno " + number;
    }

    /** Returns the number Linux uses on x86-64; positive, 0 for {@link #OK}. */
    public int number() {
        return number;
    }

    /** Tells whether nothing went wrong. */
    public boolean isOk() {
        return this == OK;
    }
}
