package io.faultline.actors;

import io.faultline.memory.Errno;
import io.faultline.ring.MemslotPages;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultModes;
import io.faultline.world.Outbox;

/** Where a memslot write-protects pages because it was asked to. Belongs to the memslot. */
final class ProtectDesk {
    private final MachineParts parts;
    private final MemslotParts own;
    private final EvictionDesk eviction;
    private final MemslotTime time;

    ProtectDesk(MachineParts parts, MemslotParts own, EvictionDesk eviction, MemslotTime time) {
        this.parts = parts;
        this.own = own;
        this.eviction = eviction;
        this.time = time;
    }

    /**
     * Protects the pages and asks for their flush, whose end is the answer.
     *
     * @return false when an event is unread or the lease recalled: another time
     */
    boolean protect(Memslot.Protect protect, Outbox out) {
        MemslotPages pages = own.pages();
        long length = protect.pages() * pages.pageSize().bytes();
        long gpa = pages.gpaOfPage(protect.firstPage());
        eviction.wanted(protect.firstPage(), protect.pages());
        own.takenBack().begin();
        IoctlResult result = own.port()
                .writeProtect(pages.hvaOfPage(protect.firstPage()), length, UserfaultModes.WRITEPROTECT_WP);
        if (!result.isOk()) {
            own.takenBack().cancel();
        }
        if (result.errno() == Errno.EAGAIN) {
            return false;
        }
        if (!result.isOk()) {
            throw new IllegalStateException("write-protecting " + protect + " answered " + result);
        }
        time.protectedPages(protect.pages());
        out.tell(parts.shootdown(),
                own.takenBack().endProtect(gpa, gpa + length, how -> new FlushAnswer<>(protect.replyTo(), how)));
        return true;
    }
}
