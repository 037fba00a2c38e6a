package io.faultline.race;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.space.MemoryObject;

/** A file in the page cache, which mappings share. */
public final class RaceFile {
    private final String name;
    private final MemoryObject object;

    RaceFile(String name, MemoryObject object) {
        this.name = name;
        this.object = object;
    }

    MemoryObject object() {
        return object;
    }

    /**
     * Returns the step in which a truncation, or a hole punched, unmaps a page wherever the gather's address space maps it
     * and takes it out of the page cache. Its frame is freed with what else was gathered.
     *
     * @param gather of the truncation; nothing is flushed yet
     * @param page of the file, its number
     */
    public RaceStep truncate(RaceGather gather, int page) {
        return gather.step("truncate " + name + ": unmap page " + page + " of it, drop it from the cache", () -> {
            long offset = RacePages.address(page);
            gather.space().memory().unmapObject(object, offset, PageSize.SIZE_4K.bytes());
            long frame = object.remove(page);
            if (frame >= 0) {
                gather.changes().take(Entry.of(frame, PageSize.SIZE_4K, 0));
            }
        });
    }
}
