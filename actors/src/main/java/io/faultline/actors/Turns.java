package io.faultline.actors;

import io.faultline.machine.MachineSpec;

/**
 * When memslots take turns, and how long. With thousands of vCPUs most of what a fault costs is to fetch what belongs to a
 * vCPU into the processor's caches. So a memslot's vCPUs go round several times in a row, and few memslots have their turn
 * at once: as many as fit into a core's second cache together.
 */
final class Turns {
    /** Some rounds of the vCPUs of one memslot; with more, others wait too long for their turn. */
    private static final int PAGES = 512;
    /** Of one handler: a batch of all vCPUs of a memslot, or the batches of a few memslots whose vCPUs share pages. */
    private static final int UNDER_WAY_PAGES = 32;

    private Turns() {}

    /** How many pages a memslot's turn has; 0 where there are no turns. */
    static int pages(MachineParts parts) {
        return answersAtOnce(parts) ? PAGES : 0;
    }

    /**
     * How many pages a handler has with fetchers before it lets others wait. As many as it has credits for where a page may
     * stay with its fetcher or memslot for long: failing on purpose, in quarantine, or waiting for a frame.
     */
    static int underWayPages(MachineParts parts) {
        MachineSpec spec = parts.spec();
        boolean comesBackAtOnce = answersAtOnce(parts) && !parts.moves() && !spec.evicts() && !parts.chaos().isOn();
        // In virtual time there are no caches to spare.
        return comesBackAtOnce && !parts.world().isVirtual() ? UNDER_WAY_PAGES : Integer.MAX_VALUE;
    }

    /** What waited for a slow source is in no cache any more: a turn would only keep others waiting. */
    private static boolean answersAtOnce(MachineParts parts) {
        return parts.spec().sourceTiming().isInstant() && !parts.source().source().blocking();
    }
}
