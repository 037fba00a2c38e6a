package io.faultline.ring;

import io.faultline.userfault.FaultKind;

/**
 * What a fault handler does about a fault.
 *
 * <p>
 * Threading: one policy object serves every handler of a machine, so {@link #decide} is called concurrently; an
 * implementation is stateless or takes care of itself. It must not block: no I/O happens in a handler.
 */
public interface ResolutionPolicy {
    /** One line for a person: what this policy does. */
    String name();

    /**
     * Decides about one fault.
     *
     * @param kind
     *            what the port reported
     * @param page
     *            the machine page number (guest-physical address divided by the page size)
     * @param write
     *            whether the access that faulted was a write
     * @param removed
     *            whether the page was given back (madvise(2) with MADV_DONTNEED or MADV_REMOVE) since it was last
     *            present: what its source holds is then out of date, and the kernel's own answer would be zeros
     */
    Resolution decide(FaultKind kind, long page, boolean write, boolean removed);

    /**
     * How many absent pages right behind a missing one are fetched with it. The memslot reserves them, so that a fault
     * on one of them meanwhile costs no second fetch.
     */
    default int prefetchPages() {
        return 0;
    }
}
