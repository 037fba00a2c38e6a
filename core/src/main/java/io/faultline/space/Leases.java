package io.faultline.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The leases on an address space's ranges, none overlapping another. One owner changes them; looking takes no lock. */
final class Leases {
    /** Sorted by start; never changed, only replaced. */
    private volatile HvaLease[] leases = new HvaLease[0];

    HvaLease lease(long start, long end) {
        if (start >= end || !overlapping(start, end).isEmpty()) {
            throw new IllegalStateException("0x" + Long.toHexString(start) + "-0x" + Long.toHexString(end)
                    + " is empty, or a part of it is leased already: " + overlapping(start, end));
        }
        HvaLease lease = new HvaLease(start, end);
        HvaLease[] now = Arrays.copyOf(leases, leases.length + 1);
        now[now.length - 1] = lease;
        Arrays.sort(now, Comparator.comparingLong(HvaLease::start));
        leases = now;
        return lease;
    }

    void end(HvaLease lease) {
        leases = Arrays.stream(leases).filter(each -> each != lease).toArray(HvaLease[]::new);
    }

    List<HvaLease> overlapping(long start, long end) {
        HvaLease[] all = leases;
        List<HvaLease> found = new ArrayList<>();
        for (int i = firstEndingAfter(all, start); i < all.length && all[i].start() < end; i++) {
            found.add(all[i]);
        }
        return found;
    }

    /** Installs ask this each time, so it makes nothing. */
    boolean isRecalled(long start, long end) {
        return isRecalled(leases, start, end);
    }

    /** All of them; never changed, only replaced. */
    HvaLease[] all() {
        return leases;
    }

    /** The lease of an address, or null. */
    static @Nullable HvaLease at(HvaLease[] all, long address) {
        int index = firstEndingAfter(all, address);
        return index < all.length && all[index].start() <= address ? all[index] : null;
    }

    static boolean isRecalled(HvaLease[] all, long start, long end) {
        for (int i = firstEndingAfter(all, start); i < all.length && all[i].start() < end; i++) {
            if (!all[i].isHeld()) {
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

    private static int firstEndingAfter(HvaLease[] all, long address) {
        int low = 0;
        int high = all.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[middle].end() > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
