package io.faultline.actors;

import io.faultline.memslot.MapOutcome;
import io.faultline.ring.InstallRules;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.PageBatch;
import io.faultline.ring.PageInstaller;
import io.faultline.ring.Resolution;
import io.faultline.userfault.FaultKind;
import io.faultline.world.Outbox;

/**
 * Where a memslot installs: has the rules resolve a batch, maps what became present in the second stage, wakes, and tells
 * others. Belongs to the memslot.
 */
final class InstallDesk implements InstallRules.Host {
    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotLedger ledger;
    private final MemslotMessages messages;
    private final EvictionDesk eviction;
    private final QuarantineDesk quarantine;
    private final InstallRules rules;
    private final StagedMoves moves;

    InstallDesk(MachineParts parts, MemslotParts own, MemslotLedger ledger, MemslotMessages messages,
            EvictionDesk eviction, QuarantineDesk quarantine) {
        this.parts = parts;
        this.own = own;
        this.ledger = ledger;
        this.messages = messages;
        this.eviction = eviction;
        this.quarantine = quarantine;
        this.moves = own.moves();
        this.rules = new InstallRules(ledger, new PageInstaller(own.port(), own.pages(),
                parts.spec().writeProtectInstalls(), parts.hasZeroPages(), parts.isTokens()), parts.counters(), this);
    }

    /** Installs a batch that has come back. */
    void install(PageBatch batch, Outbox out) {
        if (batch.resolution() == Resolution.COPY) {
            own.port().expectInstalls(own.pages().pageSize(), batch.count());
        }
        int installed = rules.install(batch);
        own.port().endInstalls();
        after(batch, installed, out);
        askAgain(out);
    }

    /** What a page left that was moved is flushed. */
    void moveFlushed(PageBatch batch, int index, Outbox out) {
        rules.moveFlushed(batch, index, (of, installed) -> after(of, installed, out));
    }

    /** Tries what had to wait once more. */
    void retryParked(Outbox out) {
        rules.retryParked((batch, installed) -> after(batch, installed, out));
        askAgain(out);
    }

    /** Forgets what waits, because its pages are asked for anew. */
    void dropParked(Outbox out) {
        rules.dropParked((batch, _) -> giveBackIfFinished(batch, out));
    }

    /** Whether anything waits for a frame since this was last asked. */
    boolean takeFrameWanted() {
        return rules.takeFrameWanted();
    }

    @Override
    public boolean holdsBack(long page) {
        if (quarantine.holdsBack(page) || eviction.isUnmapping(page)) {
            return true;
        }
        quarantine.reuses(page);
        return false;
    }

    @Override
    public void written(long page) {
        eviction.written(page);
    }

    @Override
    public void wake(long page) {
        messages.wake(page);
    }

    @Override
    public boolean hasRoom() {
        return eviction.hasRoom();
    }

    @Override
    public void moveBegins(PageBatch batch, int index) {
        moves.begin(batch, index);
    }

    @Override
    public void moveEnds(boolean moved) {
        if (moved) {
            moves.moved();
            eviction.installed(1);
        } else {
            moves.cancel();
        }
    }

    /** Maps the page where the guest looks for it, as the access that faulted wants it if the host permits that. */
    @Override
    public void map(long page, boolean write) {
        if (parts.kernel().isReal()) {
            return; // it has mapped the page where its threads look for it
        }
        long gpa = own.pages().gpaOfPage(page);
        MapOutcome outcome = own.stage().map(gpa, write);
        if (outcome == MapOutcome.HVA_NOT_WRITABLE) {
            own.stage().map(gpa, false);
        }
    }

    private void after(PageBatch batch, int installed, Outbox out) {
        messages.time().installed(batch.resolution(), installed);
        moves.send(out);
        if (installed > 0) {
            count(batch.resolution(), installed);
            parts.world().trace(TraceKinds.INSTALLED, batch.page(0), installed);
            if (parts.isHeard()) {
                parts.listener()
                        .installed(parts.world().clock().nanos(), own.pages().memslot(), batch.resolution(),
                                batch.page(0), installed);
            }
        }
        eviction.beginIfNeeded(out);
        messages.resumeWoken(kindOf(batch.resolution()), batch, out);
        giveBackIfFinished(batch, out);
    }

    private void count(Resolution resolution, int installed) {
        switch (resolution) {
            case MOVE -> parts.counters().installed.add(installed);
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
            case COPY, MOVE, ZEROPAGE, POISON -> FaultKind.MISSING;
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
        PageBatch batch = rules.takeAgain();
        if (batch != null) {
            messages.resolve(batch, ledger.pendingPages(), out);
        }
    }
}
