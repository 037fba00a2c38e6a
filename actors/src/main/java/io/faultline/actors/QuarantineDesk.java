package io.faultline.actors;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageHold;
import io.faultline.ring.QuarantinedPages;
import org.jspecify.annotations.Nullable;

/**
 * Where a memslot keeps pages from being installed whose unmap a policy may still have to flush, and asks for that flush
 * when somebody needs such a page. Belongs to the memslot; what it keeps outlives it.
 */
final class QuarantineDesk {
    private final MachineParts parts;
    private final MemslotPages pages;
    private final QuarantinedPages quarantined;
    private final MemslotParts own;

    QuarantineDesk(MachineParts parts, MemslotParts own) {
        this.parts = parts;
        this.own = own;
        this.pages = own.pages();
        this.quarantined = own.quarantined();
    }

    /**
     * Whether nothing may be installed at a page yet: CPUs may still read its old frame through stale translations, beside
     * which a new one must not change. The flush is asked for.
     */
    boolean holdsBack(long page) {
        PageHold hold = quarantined.holdOn(pages.indexOf(page));
        want(hold);
        return hold != null;
    }

    /** A page was faulted on: by the time it has been fetched, it may be held back no longer. */
    void wanted(long page) {
        want(quarantined.holdOn(pages.indexOf(page)));
    }

    private void want(@Nullable PageHold hold) {
        if (hold != null && hold.want()) {
            parts.shootdown().tell(new TlbShootdown.PagesWanted(hold));
        }
    }

    /** Something waits for a frame, which a flush may set free. */
    void frameWanted() {
        if (parts.frames().quarantinedFrames() > 0) {
            parts.shootdown().tell(TlbShootdown.FramesWanted.INSTANCE);
        }
    }

    /** Tells the oracle that a page is about to be installed where none is: none of its translations is true. */
    void reuses(long page) {
        long gpa = pages.gpaOfPage(page);
        if (parts.oracle().watches(gpa) && !Entry.isPresent(parts.space().hva().walk(pages.hvaOfPage(page)))) {
            parts.oracle().rangeReused(MachineParts.GUEST_ASID, gpa, gpa + pages.pageSize().bytes());
        }
    }

    /**
     * Ends what was released since the last time, unless the memory is the address space's at the moment.
     *
     * @return whether pages that were held back, or that wait for a frame, may be installed now
     */
    boolean endReleased() {
        return own.lease().isHeld() && quarantined.endReleased(this::forgetContents);
    }

    /** The page was given back, and no CPU can reach what it held any more: from now on it must read as zeros. */
    private void forgetContents(int index) {
        PageSize size = pages.pageSize();
        long first = pages.pageAt(index) * size.basePages();
        for (long basePage = first; basePage < first + size.basePages(); basePage++) {
            parts.verifier().discarded(basePage);
        }
    }
}
