package io.faultline.userfault;

import io.faultline.memory.Errno;

/**
 * Ends a userfaultfd without anybody reading zeros where other bytes were to come. Closing one alone unregisters its
 * range: whoever waits is woken, faults again, and is given a zero page by the kernel, silently (userfaultfd(2)). So what is
 * absent is poisoned first, and its readers get an error.
 */
public final class FailClosed {
    private FailClosed() {}

    /**
     * Poisons what is absent in a range, wakes, and closes the port.
     *
     * @param port is closed afterwards
     * @param start first address of what is registered
     * @param length bytes
     * @param pageBytes size of a page there
     * @return whether it is closed; false while an event is unread: read it, and call again
     */
    public static boolean close(UserfaultPort port, long start, long length, long pageBytes) {
        for (long address = start; address < start + length; address += pageBytes) {
            Errno errno = port.poison(address, pageBytes, UserfaultModes.POISON_DONTWAKE).errno();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            boolean readable = errno != Errno.OK && errno != Errno.EEXIST;
            if (readable && errno != Errno.ESRCH && errno != Errno.ENOENT) {
                throw new IllegalStateException(
                        "POISON at 0x" + Long.toHexString(address) + " answered " + errno + " before the close");
            }
        }
        port.close();
        return true;
    }
}
