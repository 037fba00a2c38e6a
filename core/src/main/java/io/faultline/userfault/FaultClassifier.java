package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.space.AddressSpace;
import io.faultline.space.SpaceCursor;
import io.faultline.space.UserfaultRegistration;
import io.faultline.space.Vma;

/**
 * Finds out what an access meets, as handle_mm_fault does: permission, entry, page cache, registration. What no
 * registered mode claims is resolved on the spot, which may uncover the next reason: a write to an empty entry that
 * carries a write-protect marker first gets its page, then is a write-protect fault.
 */
final class FaultClassifier {
    private final int portId;
    private final AddressSpace space;
    private final SpaceCursor cursor;
    private final KernelFaults kernel;

    private FaultKind kind = FaultKind.MISSING;
    private int pageShift;

    FaultClassifier(int portId, AddressSpace space, KernelFaults kernel) {
        this.portId = portId;
        this.space = space;
        this.cursor = new SpaceCursor(space);
        this.kernel = kernel;
    }

    /** After a classification as QUEUED: the kind of the fault. */
    FaultKind kind() {
        return kind;
    }

    /** After a classification as QUEUED: log2 of the bytes of the page the message names. */
    int pageShift() {
        return pageShift;
    }

    /** Tells what becomes of the access; QUEUED means that it is a fault of this port, still to be queued. */
    RaiseOutcome classify(long hva, boolean write, long features) {
        RaiseOutcome outcome = RaiseOutcome.ALREADY_RESOLVED;
        while (true) {
            Vma vma = cursor.vmaAt(hva);
            if (vma == null || !(write ? vma.writable() : vma.readable())) {
                return RaiseOutcome.SEGV;
            }
            long entry = space.hva().walk(hva);
            if (Entry.isPresent(entry) && (!write || Entry.isWritable(entry))) {
                return outcome;
            }
            outcome = Entry.isPresent(entry)
                    ? writeToReadOnly(vma, hva, entry, features)
                    : touchAbsent(vma, hva, entry, features);
            if (outcome != RaiseOutcome.RESOLVED_BY_KERNEL) {
                return outcome;
            }
        }
    }

    private RaiseOutcome writeToReadOnly(Vma vma, long hva, long entry, long features) {
        boolean async = (features & UserfaultFeatures.WP_ASYNC) != 0;
        if (Entry.isUffdWp(entry) && has(vma, UserfaultModes.REGISTER_WP) && !async) {
            return fault(FaultKind.WRITE_PROTECT, vma, features);
        }
        return isRecalled(hva) ? RaiseOutcome.RECALLED : kernel.allowWrite(vma, hva, entry);
    }

    private RaiseOutcome touchAbsent(Vma vma, long hva, long entry, long features) {
        if (Entry.isPoison(entry) || PageMapper.isPastEnd(vma, hva) || PageMapper.isCachePoisoned(vma, hva)) {
            return RaiseOutcome.SIGBUS;
        }
        boolean cached = PageMapper.cachedFrame(vma, hva) >= 0;
        if (has(vma, cached ? UserfaultModes.REGISTER_MINOR : UserfaultModes.REGISTER_MISSING)) {
            return fault(cached ? FaultKind.MINOR : FaultKind.MISSING, vma, features);
        }
        return isRecalled(hva) ? RaiseOutcome.RECALLED : kernel.mapMissing(vma, hva);
    }

    private boolean isRecalled(long hva) {
        return cursor.isRecalled(hva, hva + 1);
    }

    private boolean has(Vma vma, int mode) {
        UserfaultRegistration registration = vma.registration();
        if (registration == null) {
            return false;
        }
        if (registration.portId() != portId) {
            throw new IllegalArgumentException("a fault in the range from 0x" + Long.toHexString(vma.start())
                    + " was raised on port " + portId + "; port " + registration.portId() + " serves it");
        }
        return (registration.modes() & mode) != 0;
    }

    private RaiseOutcome fault(FaultKind kindFound, Vma vma, long features) {
        if ((features & UserfaultFeatures.SIGBUS) != 0) {
            return RaiseOutcome.SIGBUS;
        }
        kind = kindFound;
        pageShift = vma.pageSize().shift();
        return RaiseOutcome.QUEUED;
    }
}
