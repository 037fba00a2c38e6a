package io.faultline.userfault;

import io.faultline.memory.Errno;

/**
 * What an ioctl answers: its errno, and its result field as the call left it.
 *
 * <p>The field is the part handlers get wrong. It may be untouched (the call was refused before it looked at memory),
 * the negative errno (nothing was done), or the bytes done; a call stopped half-way fails with EAGAIN and tells the
 * bytes done, and forgetting them loses pages.
 *
 * @param errno {@link Errno#OK} on success
 * @param field {@link #UNTOUCHED}, a negative errno number, the bytes done, or for REGISTER the mask of ioctls
 */
public record IoctlResult(Errno errno, long field) {
    /** The field when the call did not write it. */
    public static final long UNTOUCHED = Long.MIN_VALUE;

    /** Success of a call whose struct has no result field: WRITEPROTECT, WAKE, UNREGISTER. */
    public static final IoctlResult DONE = new IoctlResult(Errno.OK, UNTOUCHED);

    /**
     * A success.
     *
     * @param field the result field
     * @return errno OK with that field
     */
    public static IoctlResult ok(long field) {
        return new IoctlResult(Errno.OK, field);
    }

    /**
     * A failure that left the field alone.
     *
     * @param errno why
     * @return that errno, the field untouched
     */
    public static IoctlResult failed(Errno errno) {
        return new IoctlResult(errno, UNTOUCHED);
    }

    /**
     * A failure that wrote the field.
     *
     * @param errno why
     * @return that errno, with its negative number in the field
     */
    public static IoctlResult refused(Errno errno) {
        return new IoctlResult(errno, -errno.number());
    }

    /**
     * The answer of an operation over pages.
     *
     * @param errno why it stopped, OK when it did not
     * @param bytesDone how far it came
     * @param bytesAsked how far it should have come
     * @return ok when all was done; EAGAIN with the bytes done when some was; else the errno
     */
    static IoctlResult ofProgress(Errno errno, long bytesDone, long bytesAsked) {
        assert (errno == Errno.OK) == (bytesDone == bytesAsked) : errno + " after " + bytesDone + " of " + bytesAsked;
        if (bytesDone == bytesAsked) {
            return ok(bytesDone);
        }
        return bytesDone > 0 ? new IoctlResult(Errno.EAGAIN, bytesDone) : refused(errno);
    }

    /** {@return whether the call did all it was asked} */
    public boolean isOk() {
        return errno == Errno.OK;
    }

    /** {@return whether the call stopped half-way: go on from {@link #bytesDone()}} */
    public boolean isPartial() {
        return errno == Errno.EAGAIN && field > 0;
    }

    /** {@return the bytes that were done, also by a call that stopped half-way; 0 when none} */
    public long bytesDone() {
        return Math.max(0, field);
    }
}
