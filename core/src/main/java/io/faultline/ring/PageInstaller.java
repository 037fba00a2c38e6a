package io.faultline.ring;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultModes;
import io.faultline.userfault.UserfaultPort;
import org.jspecify.annotations.Nullable;

/**
 * Performs resolutions on a port and says what came of them, with the rules that handlers get wrong: EEXIST means the
 * page is there and somebody may still be asleep; EAGAIN is to be parked until the pending event was read; what a
 * partial copy has done must not be lost (ioctl_userfaultfd(2)).
 *
 * <p>
 * Installs never wake by themselves: whoever installs wakes when the second stage maps the page too. Not thread-safe: it
 * belongs to the port's owner.
 */
public final class PageInstaller {
    /** What came of one page's resolution. */
    public enum Outcome {
        /** The page is as the fault wanted it. */
        DONE,
        /** The page was moved there, and what it left has to be flushed before the fault is over. */
        MOVED,
        /** An event is unread, or the lease is recalled: try again afterwards. */
        PARKED,
        /** No frame: try again when there may be one. */
        NO_FRAME,
        /** CONTINUE found nothing in the page cache: the page is missing after all. */
        NOT_CACHED,
        /**
         * Nothing is mapped or registered there any more, or what is in the page cache is poisoned: waiters find out by
         * themselves when woken.
         */
        GONE
    }

    private final UserfaultPort port;
    private final MemslotPages slot;
    private final boolean writeProtect;
    private final boolean zeroPages;
    private final boolean tokens;
    private @Nullable PageBuffer zeros;

    /**
     * @param writeProtect
     *            whether pages are installed write-protected, so that the first write faults
     * @param zeroPages
     *            whether the memory has a zero page (hugetlb has none)
     * @param tokens
     *            whether contents are tokens
     */
    public PageInstaller(UserfaultPort port, MemslotPages slot, boolean writeProtect, boolean zeroPages,
            boolean tokens) {
        this.port = port;
        this.slot = slot;
        this.writeProtect = writeProtect;
        this.zeroPages = zeroPages;
        this.tokens = tokens;
    }

    /** Resolves page {@code index} of a batch as the batch says. */
    public Outcome install(PageBatch batch, int index) {
        long hva = slot.hvaOfPage(batch.page(index));
        return switch (batch.resolution()) {
            case COPY -> copy(hva, batch.buffer(index));
            case MOVE -> move(hva, batch.stagedHva(index, slot.pageSize()));
            case ZEROPAGE -> zeroPages ? zero(hva) : copy(hva, zeros());
            case CONTINUE -> continueMapping(hva);
            case UNPROTECT -> unprotect(hva);
            case POISON -> poison(hva);
        };
    }

    private Outcome copy(long hva, PageBuffer buffer) {
        int mode = UserfaultModes.COPY_DONTWAKE | (writeProtect ? UserfaultModes.COPY_WP : 0);
        long length = slot.pageSize().bytes();
        IoctlResult result = RangeCopy.run(port, hva, buffer, length, length, mode);
        return switch (result.errno()) {
            case OK, EEXIST -> Outcome.DONE;
            case EAGAIN -> Outcome.PARKED;
            case ENOMEM -> Outcome.NO_FRAME;
            case ENOENT, ESRCH -> Outcome.GONE;
            default -> throw unexpected("COPY", hva, result);
        };
    }

    private Outcome move(long hva, long source) {
        long length = slot.pageSize().bytes();
        long done = 0;
        boolean opened = false;
        while (true) {
            IoctlResult result = port.move(hva + done, source + done, length - done, UserfaultModes.MOVE_DONTWAKE);
            done += result.bytesDone();
            if (result.isPartial()) {
                continue;
            }
            if (result.errno() == Errno.EEXIST && !opened) {
                // There may be no more than a write-protect marker, which COPY overwrites and MOVE does not.
                opened = true;
                port.writeProtect(hva, length, UserfaultModes.WRITEPROTECT_DONTWAKE);
                continue;
            }
            return switch (result.errno()) {
                case OK -> Outcome.MOVED;
                case EEXIST -> done > 0 ? Outcome.MOVED : Outcome.DONE;
                case EAGAIN -> Outcome.PARKED;
                // ENOENT says that the page is not in the slot, EBUSY that somebody else has it too: both are our mistake.
                default -> throw unexpected("MOVE from 0x" + Long.toHexString(source), hva, result);
            };
        }
    }

    private Outcome zero(long hva) {
        IoctlResult result = port.zeropage(hva, slot.pageSize().bytes(), UserfaultModes.ZEROPAGE_DONTWAKE);
        return switch (result.errno()) {
            case OK -> Outcome.DONE;
            // There may be no more than a write-protect marker, which COPY overwrites and ZEROPAGE does not.
            case EEXIST -> copy(hva, zeros());
            case EAGAIN -> Outcome.PARKED;
            case ENOMEM -> Outcome.NO_FRAME;
            case ENOENT, ESRCH -> Outcome.GONE;
            default -> throw unexpected("ZEROPAGE", hva, result);
        };
    }

    private Outcome continueMapping(long hva) {
        int mode = UserfaultModes.CONTINUE_DONTWAKE | (writeProtect ? UserfaultModes.CONTINUE_WP : 0);
        IoctlResult result = port.continueMapping(hva, slot.pageSize().bytes(), mode);
        return switch (result.errno()) {
            case OK, EEXIST -> Outcome.DONE;
            case EAGAIN -> Outcome.PARKED;
            case EFAULT -> Outcome.NOT_CACHED;
            case ENOMEM -> Outcome.NO_FRAME;
            case ENOENT, ESRCH, EIO -> Outcome.GONE;
            default -> throw unexpected("CONTINUE", hva, result);
        };
    }

    private Outcome unprotect(long hva) {
        IoctlResult result = port.writeProtect(hva, slot.pageSize().bytes(), UserfaultModes.WRITEPROTECT_DONTWAKE);
        return switch (result.errno()) {
            case OK -> Outcome.DONE;
            case EAGAIN -> Outcome.PARKED;
            case ENOENT, ESRCH -> Outcome.GONE;
            default -> throw unexpected("WRITEPROTECT", hva, result);
        };
    }

    private Outcome poison(long hva) {
        IoctlResult result = port.poison(hva, slot.pageSize().bytes(), UserfaultModes.POISON_DONTWAKE);
        if (result.errno() == Errno.EEXIST) {
            // Nobody else installs here, so what is there is a write-protect marker, which POISON does not overwrite.
            port.writeProtect(hva, slot.pageSize().bytes(), UserfaultModes.WRITEPROTECT_DONTWAKE);
            result = port.poison(hva, slot.pageSize().bytes(), UserfaultModes.POISON_DONTWAKE);
        }
        return switch (result.errno()) {
            case OK, EEXIST -> Outcome.DONE;
            case EAGAIN -> Outcome.PARKED;
            case ENOENT, ESRCH -> Outcome.GONE;
            default -> throw unexpected("POISON", hva, result);
        };
    }

    private PageBuffer zeros() {
        PageBuffer buffer = zeros;
        if (buffer == null) {
            buffer = tokens ? PageBuffer.tokens(slot.pageSize(), 1) : PageBuffer.bytes(slot.pageSize(), 1);
            zeros = buffer;
        }
        return buffer;
    }

    private IllegalStateException unexpected(String operation, long hva, IoctlResult result) {
        return new IllegalStateException(operation + " at 0x" + Long.toHexString(hva) + " of memslot "
                + slot.memslot() + " answered " + result + ", which no handler can mend");
    }
}
