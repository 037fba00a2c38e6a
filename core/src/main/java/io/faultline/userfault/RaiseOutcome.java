package io.faultline.userfault;

/** What became of an access handed to {@link MemslotPort#raise}. */
public enum RaiseOutcome {
    /** A message is queued and the access waits until it is woken. */
    QUEUED,
    /** The mapping already permits the access: a spurious fault. Try again at once. */
    ALREADY_RESOLVED,
    /** The kernel's own fault path resolved it, for no registered mode covers it. Try again at once. */
    RESOLVED_BY_KERNEL,
    /** The page is poisoned, lies past the end of its object, or the port has the feature SIGBUS. */
    SIGBUS,
    /** Nothing is mapped there, or the mapping forbids the access. */
    SEGV,
    /** The kernel's own fault path found no frame. */
    NO_MEMORY,
    /** It would be resolved by the kernel, but the range's lease is recalled. Try again once it is restored. */
    RECALLED
}
