package io.faultline.space;

import java.util.ArrayList;
import java.util.List;

/** The leases on an address space's ranges. One owner changes them; looking takes no lock. */
final class Leases {
    private volatile List<HvaLease> leases = List.of();

    HvaLease lease(long start, long end) {
        if (start >= end || !overlapping(start, end).isEmpty()) {
            throw new IllegalStateException("0x" + Long.toHexString(start) + "-0x" + Long.toHexString(end)
                    + " is empty, or a part of it is leased already: " + overlapping(start, end));
        }
        HvaLease lease = new HvaLease(start, end);
        List<HvaLease> now = new ArrayList<>(leases);
        now.add(lease);
        leases = List.copyOf(now);
        return lease;
    }

    void end(HvaLease lease) {
        leases = leases.stream().filter(each -> each != lease).toList();
    }

    List<HvaLease> overlapping(long start, long end) {
        return leases.stream().filter(lease -> overlaps(lease, start, end)).toList();
    }

    /** Installs ask this each time, so it makes nothing. */
    boolean isRecalled(long start, long end) {
        List<HvaLease> all = leases;
        for (int i = 0; i < all.size(); i++) {
            HvaLease lease = all.get(i);
            if (overlaps(lease, start, end) && !lease.isHeld()) {
                return true;
            }
        }
        return false;
    }

    /** What reaches beyond one lease needs all of them recalled. */
    void requireRecalled(long start, long end) {
        for (HvaLease lease : overlapping(start, end)) {
            if (!lease.isRecalled()) {
                throw new IllegalStateException("recall the lease of " + lease + " first");
            }
        }
    }

    /** A change of entries inside one lease may be its holder's; anything wider needs the leases recalled. */
    void requireWriter(long start, long end) {
        List<HvaLease> overlapping = overlapping(start, end);
        boolean isInOne = overlapping.size() == 1 && overlapping.getFirst().start() <= start
                && end <= overlapping.getFirst().end();
        if (!isInOne) {
            requireRecalled(start, end);
        }
    }

    private static boolean overlaps(HvaLease lease, long start, long end) {
        return lease.start() < end && start < lease.end();
    }
}
