package io.faultline.space;

/**
 * Says which userfaultfd a VMA is registered with, and for what.
 *
 * @param portId
 *            the userfaultfd
 * @param modes
 *            any of MISSING, WRITE_PROTECT, MINOR (the kernel's UFFDIO_REGISTER_MODE_*)
 */
public record UserfaultRegistration(int portId, int modes) {
    /** Faults on pages that are not there. */
    public static final int MISSING = 1;
    /** Write faults on protected pages. */
    public static final int WRITE_PROTECT = 2;
    /** Faults on pages that are in the page cache and not mapped. */
    public static final int MINOR = 4;

    /** Tells whether the mode is on. */
    public boolean has(int mode) {
        return (modes & mode) != 0;
    }
}
