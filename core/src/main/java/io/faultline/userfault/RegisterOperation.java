package io.faultline.userfault;

import java.util.List;

import io.faultline.memory.Errno;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.space.UserfaultRegistration;
import io.faultline.space.Vma;

/** REGISTER and UNREGISTER over a checked range, which may span several VMAs and the holes between them. */
final class RegisterOperation {
    private static final int ALL_MODES =
            UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP | UserfaultModes.REGISTER_MINOR;

    private final int portId;
    private final AddressSpace space;

    RegisterOperation(int portId, AddressSpace space) {
        this.portId = portId;
        this.space = space;
    }

    static boolean isValid(int modes) {
        return modes != 0 && (modes & ~ALL_MODES) == 0;
    }

    IoctlResult register(long start, long length, int modes) {
        long end = start + length;
        List<Vma> vmas = space.vmas(start, end);
        if (vmas.isEmpty()) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        boolean hugetlb = false;
        for (Vma vma : vmas) {
            Errno errno = registrable(vma, start, end, modes);
            if (errno != Errno.OK) {
                return IoctlResult.failed(errno);
            }
            hugetlb |= vma.object().kind() == MemoryObject.Kind.HUGETLB;
        }
        UserfaultRegistration registration = new UserfaultRegistration(portId, modes);
        for (Vma vma : vmas) {
            if (!covers(vma, modes)) {
                space.register(Math.max(start, vma.start()), Math.min(end, vma.end()), registration);
            }
        }
        return IoctlResult.ok(UserfaultIoctls.ofRange(modes, hugetlb));
    }

    private Errno registrable(Vma vma, long start, long end, int modes) {
        boolean minor = (modes & UserfaultModes.REGISTER_MINOR) != 0;
        if (minor && vma.isAnonymous()) {
            return Errno.EINVAL;
        }
        if (!isAligned(vma, start) || !isAligned(vma, end)) {
            return Errno.EINVAL;
        }
        return isForeign(vma) ? Errno.EBUSY : Errno.OK;
    }

    /** Whether an end of the range that lies in the VMA is on a page boundary of it. */
    private static boolean isAligned(Vma vma, long address) {
        return address < vma.start() || address > vma.end() || vma.pageSize().isAligned(address);
    }

    private boolean isForeign(Vma vma) {
        return vma.registration() != null && vma.registration().portId() != portId;
    }

    /** As in the kernel, modes that are all registered already change nothing; they do not take others away. */
    private static boolean covers(Vma vma, int modes) {
        UserfaultRegistration registration = vma.registration();
        return registration != null && (registration.modes() & modes) == modes;
    }

    /** Unregisters; before a VMA's registration goes, {@code wakeMissing} hears of each part registered MISSING. */
    IoctlResult unregister(long start, long length, RangeAction wakeMissing) {
        long end = start + length;
        List<Vma> vmas = space.vmas(start, end);
        if (vmas.isEmpty()) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        for (Vma vma : vmas) {
            if (isForeign(vma) || !isAligned(vma, start) || !isAligned(vma, end)) {
                return IoctlResult.failed(Errno.EINVAL);
            }
        }
        for (Vma vma : vmas) {
            if (vma.registration() != null) {
                clear(vma, Math.max(start, vma.start()), Math.min(end, vma.end()), wakeMissing);
            }
        }
        return IoctlResult.DONE;
    }

    private void clear(Vma vma, long start, long end, RangeAction wakeMissing) {
        // The kernel wakes here only for MISSING; waiters of the other modes need a WAKE.
        if (vma.isRegistered(UserfaultModes.REGISTER_MISSING)) {
            wakeMissing.accept(start, end);
        }
        if (vma.isRegistered(UserfaultModes.REGISTER_WP)) {
            space.mappings().unprotect(start, end);
        }
        space.unregister(start, end);
    }

    /** Unregisters whatever this port has registered, wherever it is: the descriptor was closed. */
    void unregisterAll() {
        for (Vma vma : space.vmas(0, AddressRanges.LIMIT)) {
            if (vma.registration() != null && !isForeign(vma)) {
                clear(vma, vma.start(), vma.end(), (start, end) -> {});
            }
        }
    }

    /** Something to do with a range. */
    @FunctionalInterface
    interface RangeAction {
        void accept(long start, long end);
    }
}
