package io.faultline.space;

import org.jspecify.annotations.Nullable;

/**
 * Where somebody who keeps to one part of an address space looked last, so that the next look need not search: the
 * mapping and the lease of a memslot are the same for millions of faults. Answers as the address space would, changes
 * included. Not thread-safe: each user has one of his own.
 */
public final class SpaceCursor {
    private final AddressSpace space;
    private @Nullable VmaList list;
    private @Nullable Vma vma;
    private HvaLease @Nullable [] leases;
    private @Nullable HvaLease lease;

    /**
     * @param space
     *            where to look
     */
    public SpaceCursor(AddressSpace space) {
        this.space = space;
    }

    /** Returns the mapping at the address, or null; as {@link AddressSpace#vmaAt}. */
    public @Nullable Vma vmaAt(long address) {
        VmaList now = space.vmaList();
        Vma last = vma;
        if (now == list && last != null && last.contains(address)) {
            return last;
        }
        list = now;
        vma = now.at(address);
        return vma;
    }

    /** Tells whether a lease of any part of the range is recalled; as {@link AddressSpace#isRecalled}. */
    public boolean isRecalled(long start, long end) {
        HvaLease[] now = space.leaseList().all();
        HvaLease last = lease;
        if (now == leases && last != null && last.start() <= start && end <= last.end()) {
            return !last.isHeld();
        }
        leases = now;
        lease = Leases.at(now, start);
        return Leases.isRecalled(now, start, end);
    }
}
