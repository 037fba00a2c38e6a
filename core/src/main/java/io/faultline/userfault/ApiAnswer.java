package io.faultline.userfault;

import io.faultline.memory.Errno;

/**
 * What UFFDIO_API answers.
 *
 * @param errno OK, or EINVAL when the version or a feature is unknown or the handshake was already made
 * @param features all features there are, not only those asked for; 0 on failure, when the kernel zeroes the struct
 * @param ioctls the ioctls of the descriptor, a mask by {@link UserfaultIoctls#bit}; 0 on failure
 */
public record ApiAnswer(Errno errno, long features, long ioctls) {
    static final ApiAnswer REFUSED = new ApiAnswer(Errno.EINVAL, 0, 0);

    /** {@return whether the handshake succeeded} */
    public boolean isOk() {
        return errno == Errno.OK;
    }
}
