package io.faultline.linux.call;

import java.io.Serial;

import io.faultline.memory.Errno;

/** A system call was refused where nothing can go on without it: setting up, never on the way of a fault. */
public final class LinuxCallException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int errno;

    private LinuxCallException(String what, int errno) {
        super(what + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** {@return the number the kernel answered, positive} */
    public int errno() {
        return errno;
    }

    /**
     * An answer that must not be an error.
     *
     * @param answer of a call of this package
     * @param what was attempted, for the message
     * @return the answer
     * @throws LinuxCallException when it is a negative errno
     */
    public static long check(long answer, String what) {
        if (answer < 0) {
            throw new LinuxCallException(what, Math.toIntExact(-answer));
        }
        return answer;
    }
}
