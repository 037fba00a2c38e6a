package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memslot.MapOutcome;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.PageBatch;
import io.faultline.ring.PageInstaller;
import io.faultline.ring.Resolution;
import io.faultline.userfault.FaultKind;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Where a memslot installs: performs a batch's resolution page by page, maps what became present in the second stage,
 * wakes, and keeps what has to wait for an event to be read or for a frame. Belongs to the memslot.
 */
final class InstallDesk {
    private record Parked(PageBatch batch, int index) {}

    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotLedger ledger;
    private final MemslotMessages messages;
    private final EvictionDesk eviction;
    private final PageInstaller installer;
    private List<Parked> parked = new ArrayList<>();
    private boolean frameWanted;
    /** Pages whose last attempt did not work, to be asked for anew when the batch is through. */
    private @Nullable PageBatch again;

    InstallDesk(MachineParts parts, MemslotParts own, MemslotLedger ledger, MemslotMessages messages,
            EvictionDesk eviction) {
        this.parts = parts;
        this.own = own;
        this.ledger = ledger;
        this.messages = messages;
        this.eviction = eviction;
        this.installer = new PageInstaller(own.port(), own.pages(), parts.spec().writeProtectInstalls(),
                parts.hasZeroPages(), parts.isTokens());
    }

    /** Installs a batch that has come back. */
    void install(PageBatch batch, Outbox out) {
        batch.unfinished(batch.count());
        int installed = 0;
        for (int index = 0; index < batch.count(); index++) {
            installed += installOne(batch, index, true);
        }
        after(batch, installed, out);
        askAgain(out);
    }

    /** Tries what had to wait once more. */
    void retryParked(Outbox out) {
        List<Parked> waited = parked;
        parked = new ArrayList<>();
        for (Parked one : waited) {
            after(one.batch(), installOne(one.batch(), one.index(), false), out);
        }
        askAgain(out);
    }

    /** Forgets what waits, because its pages are asked for anew. */
    void dropParked(Outbox out) {
        for (Parked one : parked) {
            finishOne(one.batch());
            giveBackIfFinished(one.batch(), out);
        }
        parked.clear();
    }

    /** Whether anything waits for a frame since this was last asked. */
    boolean takeFrameWanted() {
        boolean wanted = frameWanted;
        frameWanted = false;
        return wanted;
    }

    /** Resolves one page; 1 when it is as the fault wanted it, else 0. */
    private int installOne(PageBatch batch, int index, boolean first) {
        long page = batch.page(index);
        if (!ledger.isCurrent(page, batch.attempt(index))) {
            parts.counters().lateInstalls.increment();
            finishOne(batch);
            return 0;
        }
        boolean unprotects = batch.resolution() == Resolution.UNPROTECT;
        if (unprotects) {
            eviction.written(page);
        }
        PageInstaller.Outcome outcome = !unprotects && eviction.holdsBack(page)
                ? PageInstaller.Outcome.PARKED
                : installer.install(batch, index);
        switch (outcome) {
            case DONE -> {
                ledger.finish(page);
                map(page, batch.write(index));
                messages.wake(page);
            }
            case PARKED, NO_FRAME -> {
                if (first) {
                    parts.counters().retried.increment();
                }
                parked.add(new Parked(batch, index));
                frameWanted |= outcome == PageInstaller.Outcome.NO_FRAME;
                return 0;
            }
            case NOT_CACHED -> again = ledger.reissue(page, FaultKind.MISSING, again);
            case GONE -> {
                ledger.finish(page);
                messages.wake(page);
            }
        }
        finishOne(batch);
        return outcome == PageInstaller.Outcome.DONE ? 1 : 0;
    }

    /** Maps the page where the guest looks for it, as the access that faulted wants it if the host permits that. */
    private void map(long page, boolean write) {
        long gpa = own.pages().gpaOfPage(page);
        MapOutcome outcome = own.stage().map(gpa, write);
        if (outcome == MapOutcome.HVA_NOT_WRITABLE) {
            own.stage().map(gpa, false);
        }
    }

    private static void finishOne(PageBatch batch) {
        batch.unfinished(batch.unfinished() - 1);
    }

    private void after(PageBatch batch, int installed, Outbox out) {
        if (installed > 0) {
            count(batch.resolution(), installed);
            parts.world().trace(TraceKinds.INSTALLED, batch.page(0), installed);
        }
        eviction.beginIfNeeded(out);
        messages.resumeWoken(kindOf(batch.resolution()), batch, out);
        giveBackIfFinished(batch, out);
    }

    private void count(Resolution resolution, int installed) {
        switch (resolution) {
            case COPY, ZEROPAGE, CONTINUE -> {
                parts.counters().installed.add(installed);
                eviction.installed(installed);
            }
            case POISON -> parts.counters().poisoned.add(installed);
            case UNPROTECT -> {}
        }
    }

    private static FaultKind kindOf(Resolution resolution) {
        return switch (resolution) {
            case COPY, ZEROPAGE, POISON -> FaultKind.MISSING;
            case CONTINUE -> FaultKind.MINOR;
            case UNPROTECT -> FaultKind.WRITE_PROTECT;
        };
    }

    private void giveBackIfFinished(PageBatch batch, Outbox out) {
        if (batch.unfinished() == 0) {
            messages.giveBack(batch, out);
        }
    }

    private void askAgain(Outbox out) {
        PageBatch batch = again;
        if (batch != null) {
            again = null;
            messages.resolve(batch, ledger.pendingPages(), out);
        }
    }
}
