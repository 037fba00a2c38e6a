package io.faultline.ring;

import java.util.ArrayList;
import java.util.List;

import io.faultline.userfault.FaultKind;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of pages that have come back to their memslot: an answer that is not wanted any more is ignored; what
 * became present is mapped and woken, also when it was there already; what an unread event, a recalled lease or a lack of
 * frames stands against is parked, and tried again when told; what turned out to be missing after all is asked for anew.
 *
 * <p>
 * The memslot's actor and the scripted races drive the same object. Not thread-safe: the memslot owns it.
 */
public final class InstallRules {
    /** Who owns the memory. */
    public interface Host {
        /** Whether nothing may be installed at a page yet, because its old frame can still be read. */
        boolean holdsBack(long page);

        /** The page is about to be let written, so what was saved of it is out of date. */
        void written(long page);

        /** The page is present: map it where the guest looks for it, before anybody is woken. */
        void map(long page, boolean write);

        /** Set whoever waits for the page going again. */
        void wake(long page);

        /** Whether one more page may be moved in: its frame is there already, and no lack of frames stands against it. */
        default boolean hasRoom() {
            return true;
        }

        /** A page is about to be moved from where it was received; {@link #moveEnds} follows. */
        default void moveBegins(PageBatch batch, int index) {}

        /**
         * The move is over. When the page was moved, the host has what it left flushed, and then calls
         * {@link InstallRules#moveFlushed}.
         */
        default void moveEnds(boolean moved) {}
    }

    /** A page that waits. */
    private record Parked(PageBatch batch, int index) {}

    /** Hears of batches of which something was tried again. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A page was tried again, or given up.
         *
         * @param batch
         *            of the page tried; it is through when {@link PageBatch#unfinished} is 0
         * @param installed
         *            1 when the page is as its fault wanted it, else 0
         */
        void tried(PageBatch batch, int installed);
    }

    private final MemslotLedger ledger;
    private final PageInstaller installer;
    private final FaultCounters counters;
    private final Host host;
    private List<Parked> parked = new ArrayList<>();
    private boolean frameWanted;
    private @Nullable PageBatch again;

    /**
     * @param counters
     *            told of late answers and of pages that had to wait
     */
    public InstallRules(MemslotLedger ledger, PageInstaller installer, FaultCounters counters, Host host) {
        this.ledger = ledger;
        this.installer = installer;
        this.counters = counters;
        this.host = host;
    }

    /** Resolves a batch that has come back; returns how many of its pages are as their faults wanted them. */
    public int install(PageBatch batch) {
        batch.unfinished(batch.count());
        int installed = 0;
        for (int index = 0; index < batch.count(); index++) {
            installed += installOne(batch, index, true);
        }
        return installed;
    }

    /** Tries every page that had to wait once more. */
    public void retryParked(Progress progress) {
        List<Parked> waited = parked;
        parked = new ArrayList<>();
        for (Parked one : waited) {
            progress.tried(one.batch(), installOne(one.batch(), one.index(), false));
        }
    }

    /** Forgets what waits, because its pages are asked for anew. */
    public void dropParked(Progress progress) {
        for (Parked one : parked) {
            finishOne(one.batch());
            progress.tried(one.batch(), 0);
        }
        parked.clear();
    }

    /** How many pages wait. */
    public int parkedPages() {
        return parked.size();
    }

    /** Whether anything waits for a frame since this was last asked. */
    public boolean takeFrameWanted() {
        boolean wanted = frameWanted;
        frameWanted = false;
        return wanted;
    }

    /** Takes the pages that have to be asked for anew; null when there are none. */
    public @Nullable PageBatch takeAgain() {
        PageBatch batch = again;
        again = null;
        return batch;
    }

    /** Resolves one page; 1 when it is as the fault wanted it, else 0. */
    private int installOne(PageBatch batch, int index, boolean first) {
        long page = batch.page(index);
        if (!ledger.isCurrent(page, batch.attempt(index))) {
            counters.lateInstalls.increment();
            finishOne(batch);
            return 0;
        }
        boolean unprotects = batch.resolution() == Resolution.UNPROTECT;
        if (unprotects) {
            host.written(page);
        }
        PageInstaller.Outcome outcome = !unprotects && host.holdsBack(page)
                ? PageInstaller.Outcome.PARKED
                : install(batch, index);
        switch (outcome) {
            case DONE -> {
                ledger.finish(page);
                host.map(page, batch.write(index));
                host.wake(page);
            }
            case MOVED -> {
                return 0;
            }
            case PARKED, NO_FRAME -> {
                if (first) {
                    counters.retried.increment();
                }
                parked.add(new Parked(batch, index));
                frameWanted |= outcome == PageInstaller.Outcome.NO_FRAME;
                return 0;
            }
            case NOT_CACHED -> again = ledger.reissue(page, FaultKind.MISSING, again);
            case GONE -> {
                ledger.finish(page);
                host.wake(page);
            }
        }
        finishOne(batch);
        return outcome == PageInstaller.Outcome.DONE ? 1 : 0;
    }

    private PageInstaller.Outcome install(PageBatch batch, int index) {
        if (batch.resolution() != Resolution.MOVE) {
            return installer.install(batch, index);
        }
        if (ledger.isPresent(batch.page(index))) {
            return PageInstaller.Outcome.DONE; // by an earlier attempt, whose flush is still under way
        }
        if (!host.hasRoom()) {
            return PageInstaller.Outcome.NO_FRAME;
        }
        host.moveBegins(batch, index);
        PageInstaller.Outcome outcome = installer.install(batch, index);
        host.moveEnds(outcome == PageInstaller.Outcome.MOVED);
        return outcome;
    }

    /** What a page left that was moved is flushed, as far as the flush policy wants it: its fault is over. */
    public void moveFlushed(PageBatch batch, int index, Progress progress) {
        long page = batch.page(index);
        boolean current = ledger.isCurrent(page, batch.attempt(index));
        if (current) {
            ledger.finish(page);
            host.map(page, batch.write(index));
            host.wake(page);
        }
        finishOne(batch);
        progress.tried(batch, current ? 1 : 0);
    }

    private static void finishOne(PageBatch batch) {
        batch.unfinished(batch.unfinished() - 1);
    }
}
