package io.faultline.linux.userfault;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.FileFlags;
import io.faultline.linux.call.ProcessCalls;
import io.faultline.memory.Errno;

/**
 * The ways to a userfaultfd. They differ in the privilege they need and in the faults that the descriptor serves: a page
 * that a system call touches (read(2), process_vm_readv(2)) faults in kernel mode.
 *
 * <p>Source: userfaultfd(2), and Documentation/admin-guide/mm/userfaultfd.rst of the kernel.
 */
public enum UserfaultOpening {
    /** userfaultfd(2): serves all faults; needs CAP_SYS_PTRACE, or the sysctl vm.unprivileged_userfaultfd at 1. */
    SYSTEM_CALL {
        @Override
        int open() {
            return ProcessCalls.userfaultfd(FLAGS);
        }
    },
    /** /dev/userfaultfd: serves all faults; needs permission to read and write the device, whatever the sysctl says. */
    DEVICE {
        @Override
        int open() {
            int device = FileCalls.open(DEVICE_PATH, FileFlags.O_RDWR | FileFlags.O_CLOEXEC);
            if (device < 0) {
                return device;
            }
            int descriptor = FileCalls.ioctl(device, UserfaultAbi.NEW, FLAGS);
            FileCalls.close(device);
            return descriptor;
        }
    },
    /**
     * userfaultfd(2) with UFFD_USER_MODE_ONLY: needs no privilege. A system call that touches a missing page answers EFAULT
     * at once instead of faulting, so {@code NativeRegion} cannot fault on such a range.
     */
    USER_MODE_ONLY {
        @Override
        int open() {
            return ProcessCalls.userfaultfd(FLAGS | ProcessCalls.UFFD_USER_MODE_ONLY);
        }
    };

    /** The device that hands out userfaultfds (Linux 6.1). */
    public static final String DEVICE_PATH = "/dev/userfaultfd";

    private static final int FLAGS = FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;

    /** Opens a descriptor; non-blocking, closed by exec. Answers it or the negative errno. */
    abstract int open();

    /**
     * Tries it.
     *
     * @return OK, or why it cannot be had: EPERM or EACCES without the privilege, ENOSYS or ENOENT where the kernel has none
     */
    public Errno attempt() {
        int descriptor = open();
        if (descriptor < 0) {
            return Errno.ofNumber(-descriptor);
        }
        FileCalls.close(descriptor);
        return Errno.OK;
    }

    /** {@return whether a descriptor opened so serves the faults of system calls} */
    public boolean servesSystemCalls() {
        return this != USER_MODE_ONLY;
    }
}
