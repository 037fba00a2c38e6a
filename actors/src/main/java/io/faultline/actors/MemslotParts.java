package io.faultline.actors;

import java.util.BitSet;

import io.faultline.memslot.SecondStage;
import io.faultline.ring.EvictionState;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.OutstandingShare;
import io.faultline.ring.QuarantinedPages;
import io.faultline.ring.WokenWaiters;
import io.faultline.space.HvaLease;
import io.faultline.userfault.MemslotPort;
import io.faultline.world.Lane;

/**
 * What a memslot owns and its replacement takes over: its pages' names, its userfaultfd with the waiters, its second
 * stage and the lease on the host memory behind it, and which pages were given back or are on their way out: what their source holds is out of
 * date, whoever asks; and which wait for the release of their flush. The lock of its wait queue takes time in virtual time only.
 */
record MemslotParts(MemslotPages pages, MemslotPort port, WokenWaiters woken, SecondStage stage,
        HvaLease lease, TakenBack takenBack, StagedMoves moves, EvictionState eviction, BitSet removed,
        QuarantinedPages quarantined,
        OutstandingShare outstanding, Lane queueLock) {}
