package io.faultline.actors;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.MemslotLayout;

/** How many frames a machine needs. */
final class PoolFrames {
    /** Beyond the guest's memory: what a discard holds back until its flush must not starve installs. */
    private static final long SPARE_FRAMES = 4096;

    private PoolFrames() {}

    /** Those of the guest's memory, and of the slots that each fetcher receives into where pages are moved. */
    static long of(MachineSpec spec, int stagedSlots) {
        long pageFrames = spec.pageSize().basePages();
        long basePages = spec.pages() * pageFrames;
        // With minor faults the page cache holds every page before the first fault, resident or not.
        long guestFrames = spec.evicts() && !spec.minorFaults()
                ? Math.min(basePages, evicting(spec, pageFrames))
                : basePages + Math.max(SPARE_FRAMES, 2 * pageFrames);
        return guestFrames + (long) spec.fetchers() * stagedSlots * pageFrames;
    }

    /** What may stay resident, and room for what is on its way out: an install that finds none waits for that. */
    private static long evicting(MachineSpec spec, long pageFrames) {
        MemslotLayout layout = spec.layout();
        long frames = 0;
        for (int memslot = 0; memslot < spec.memslots(); memslot++) {
            long limit = EvictionDesk.limitPages(spec, layout.pagesOf(memslot));
            frames += (limit + EvictionDesk.batchPages(limit)) * pageFrames;
        }
        return frames;
    }
}
