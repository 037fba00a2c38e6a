package io.faultline.ring;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultPort;

/**
 * COPY of a range, whatever is there already. A COPY that meets a page that is present stops, with EAGAIN and the bytes
 * done: what was done must not be forgotten, and what lies behind that page is still missing (userfaultfd-rs #36).
 */
public final class RangeCopy {
    private RangeCopy() {}

    /**
     * Copies all pages of the range that are absent.
     *
     * @param destination
     *            first address
     * @param source
     *            the whole range's contents
     * @param length
     *            bytes
     * @param unit
     *            the size in bytes of the pages that the memory is mapped in there
     * @param mode
     *            COPY modes
     * @return how the last COPY ended; OK and EEXIST both mean that every page of the range is there now. Otherwise call
     *         again: what is done is passed over
     */
    public static IoctlResult run(UserfaultPort port, long destination, PageBuffer source, long length, long unit,
            int mode) {
        long done = 0;
        while (true) {
            IoctlResult result = port.copy(destination + done, source, done, length - done, mode);
            done += result.bytesDone();
            if (result.isPartial()) {
                continue;
            }
            if (result.errno() != Errno.EEXIST || done + unit >= length) {
                return result;
            }
            done += unit;
        }
    }
}
