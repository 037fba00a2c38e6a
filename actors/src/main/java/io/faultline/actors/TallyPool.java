package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.faultline.verify.VerificationTally;

/**
 * Verification tallies that vCPUs borrow for a slice: a tally holds a scratch page, and a million vCPUs must not each
 * have one. Thread-safe; one tally is with one vCPU at a time.
 */
final class TallyPool {
    private static final int SHELVES = 16;

    private final AtomicReferenceArray<VerificationTally> shelves = new AtomicReferenceArray<>(SHELVES);
    private final List<VerificationTally> all = new ArrayList<>();

    /** Takes a tally; {@code hint} spreads those who ask at the same time. */
    VerificationTally take(int hint) {
        for (int tried = 0; tried < SHELVES; tried++) {
            VerificationTally tally = shelves.getAndSet((hint + tried) & (SHELVES - 1), null);
            if (tally != null) {
                return tally;
            }
        }
        VerificationTally fresh = new VerificationTally();
        synchronized (all) {
            all.add(fresh);
        }
        return fresh;
    }

    /** Puts a tally back. */
    void give(int hint, VerificationTally tally) {
        for (int tried = 0; tried < SHELVES; tried++) {
            if (shelves.compareAndSet((hint + tried) & (SHELVES - 1), null, tally)) {
                return;
            }
        }
        // No shelf free: it stays counted in the sum, and whoever needs one makes another.
    }

    /** All tallies together; complete when no vCPU runs, a moment old otherwise. */
    VerificationTally sum() {
        VerificationTally sum = new VerificationTally();
        synchronized (all) {
            all.forEach(sum::add);
        }
        return sum;
    }
}
