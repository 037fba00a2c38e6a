package io.faultline.memslot;

/** What became of a guest's fault on its second stage. */
public enum MapOutcome {
    /** The page is mapped now, or more is permitted than before: the vCPU tries again. */
    MAPPED,
    /** It was mapped already: somebody else was faster, or the TLB was stale. */
    SPURIOUS,
    /** Nothing is mapped at the host address: a fault there (MISSING or MINOR) comes first. */
    HVA_ABSENT,
    /** The host mapping does not permit the write: a fault there (WRITE_PROTECT, or copy on write) comes first. */
    HVA_NOT_WRITABLE,
    /** The host page is poisoned: the guest gets a machine check, the vCPU thread SIGBUS. */
    HVA_POISONED,
    /** A write to a read-only slot: an exit. */
    SLOT_READ_ONLY,
    /** The address is outside the slot: an exit. */
    OUTSIDE_SLOT
}
