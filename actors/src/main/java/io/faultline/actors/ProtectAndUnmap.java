package io.faultline.actors;

import java.util.function.Function;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.ring.EvictionBatch;
import io.faultline.ring.MemslotPages;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultModes;

/**
 * Evicted pages are write-protected, saved from where they are, and unmapped. They can be read until then, and a write
 * faults, after which the page stays.
 */
final class ProtectAndUnmap implements WayOut {
    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotPages pages;

    ProtectAndUnmap(MachineParts parts, MemslotParts own) {
        this.parts = parts;
        this.own = own;
        this.pages = own.pages();
    }

    @Override
    public boolean begin(EvictionBatch batch, int index) {
        long page = batch.page(index);
        IoctlResult result = own.port()
                .writeProtect(pages.hvaOfPage(page), pages.pageSize().bytes(), UserfaultModes.WRITEPROTECT_WP);
        if (result.errno() == Errno.EAGAIN) {
            return false; // an event is unread: another time
        }
        if (!result.isOk()) {
            throw new IllegalStateException("write-protecting page " + page + " answered " + result);
        }
        return true;
    }

    @Override
    public TlbShootdown.Flush flushBegun(EvictionBatch batch, Function<TlbShootdown.Flushed, FlushAnswer<?>> answers) {
        return own.takenBack().endProtect(batch.startGpa(pages), batch.endGpa(pages), answers);
    }

    @Override
    public TlbShootdown.Flushed savesAfter() {
        return TlbShootdown.Flushed.RELEASED;
    }

    /** What is unmapped is kept from reuse beside the batches that follow. */
    @Override
    public TlbShootdown.Flushed endsAfter() {
        return TlbShootdown.Flushed.COMPLETE;
    }

    /** The protection is taken off by the page's next write. */
    @Override
    public void keep(EvictionBatch batch, int index) {}

    @Override
    public long frame(EvictionBatch batch, int index) {
        return Entry.frame(parts.space().hva().walk(pages.hvaOfPage(batch.page(index))));
    }

    @Override
    public void drop(EvictionBatch batch, int index) {
        parts.giveBack(pages.hvaOfPage(batch.page(index)), pages.pageSize().bytes());
    }

    @Override
    public boolean keepsReachable() {
        return true;
    }
}
