package io.faultline.memory;

/** The error numbers of Linux that the simulated kernel answers with; errors of the kernel are values, not exceptions. */
public enum Errno {
    /** No error. */
    OK(0),
    /** Operation not permitted. */
    EPERM(1),
    /** No such file, range or page. */
    ENOENT(2),
    /** No such process: the address space is gone. */
    ESRCH(3),
    /** Input or output error: the page is poisoned. */
    EIO(5),
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
    /** No space left. */
    ENOSPC(28);

    private final int number;

    Errno(int number) {
        this.number = number;
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
