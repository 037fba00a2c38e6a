package io.faultline.linux.userfault;

import io.faultline.linux.call.Ioctl;
import io.faultline.userfault.UserfaultIoctls;

/** The requests and structures of linux/userfaultfd.h: what the numbers of core do not say. Sizes and offsets in bytes. */
final class UserfaultAbi {
    private static final int TYPE = 0xAA;

    /** struct uffdio_range: start, len; most others begin with it. */
    static final int RANGE_BYTES = 16;

    static final int START = 0;
    static final int LENGTH = 8;

    /** struct uffdio_api: api, features, ioctls. */
    static final int API_BYTES = 24;

    static final int API_VERSION = 0;
    static final int API_FEATURES = 8;
    static final int API_IOCTLS = 16;

    /** struct uffdio_register, _zeropage, _continue, _poison: range, mode, and what the call writes. */
    static final int RANGE_MODE_RESULT_BYTES = 32;

    static final int RANGE_MODE = 16;
    static final int RANGE_RESULT = 24;

    /** struct uffdio_writeprotect: range, mode. */
    static final int RANGE_MODE_BYTES = 24;

    /** struct uffdio_copy, _move: dst, src, len, mode, and what the call writes. */
    static final int TRANSFER_BYTES = 40;

    static final int TRANSFER_DESTINATION = 0;
    static final int TRANSFER_SOURCE = 8;
    static final int TRANSFER_LENGTH = 16;
    static final int TRANSFER_MODE = 24;
    static final int TRANSFER_RESULT = 32;

    /** struct uffd_msg. */
    static final int MESSAGE_BYTES = 32;

    static final int MESSAGE_EVENT = 0;
    static final int MESSAGE_FAULT_FLAGS = 8;
    static final int MESSAGE_FAULT_ADDRESS = 16;
    static final int MESSAGE_FAULT_THREAD = 24;
    static final int MESSAGE_FORK_DESCRIPTOR = 8;
    static final int MESSAGE_FIRST = 8;
    static final int MESSAGE_SECOND = 16;
    static final int MESSAGE_THIRD = 24;

    static final long API = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.API, API_BYTES);
    static final long REGISTER = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.REGISTER, RANGE_MODE_RESULT_BYTES);
    /** The header declares it, and WAKE, as reading, though it only writes. */
    static final long UNREGISTER = Ioctl.reading(TYPE, UserfaultIoctls.UNREGISTER, RANGE_BYTES);

    static final long WAKE = Ioctl.reading(TYPE, UserfaultIoctls.WAKE, RANGE_BYTES);
    static final long COPY = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.COPY, TRANSFER_BYTES);
    static final long ZEROPAGE = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.ZEROPAGE, RANGE_MODE_RESULT_BYTES);
    static final long MOVE = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.MOVE, TRANSFER_BYTES);
    static final long WRITEPROTECT = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.WRITEPROTECT, RANGE_MODE_BYTES);
    static final long CONTINUE = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.CONTINUE, RANGE_MODE_RESULT_BYTES);
    static final long POISON = Ioctl.readingAndWriting(TYPE, UserfaultIoctls.POISON, RANGE_MODE_RESULT_BYTES);

    /** USERFAULTFD_IOC_NEW of /dev/userfaultfd; its argument are the flags of userfaultfd(2). */
    static final long NEW = Ioctl.plain(TYPE, 0);

    private UserfaultAbi() {}
}
