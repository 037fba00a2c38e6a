package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.memory.Errno;
import io.faultline.memslot.MapOutcome;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageBatch;
import io.faultline.ring.PageInstaller;
import io.faultline.ring.PageInstaller.Outcome;
import io.faultline.ring.Resolution;
import io.faultline.ring.WokenWaiters;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Owns the truth about a range of guest memory: takes faults in, has each page resolved once however many wait for it,
 * performs the installs on its userfaultfd, maps them in the second stage, and wakes. It forgets nothing: when somebody
 * who had work of it is replaced, it asks again.
 *
 * <p>
 * Bounded by: one fault a vCPU, and the pages prefetched. Supervision: it stops when it throws; its waiters are told of
 * an error by the machine, never given zeros, and its replacement goes on with the surviving tables.
 */
public final class Memslot extends SwitchActor<Memslot.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /** A vCPU halted on a page of this memslot. */
    public record Fault(int vcpu, long page, boolean write, long raisedNanos) implements Command {}

    /** Perform the batch's resolution. */
    public record Install(PageBatch batch) implements Command {}

    /** A handler or a fetcher was replaced, and with it went what it was working on. */
    public record Replaced(String who) implements Command {}

    /**
     * Give up the lease of a range and raise the REMOVE event of a discard; {@link AddressSpaceOwner.EventRead} follows
     * when the event was read and nothing is written to the range any more.
     *
     * @param operation
     *            tells which operation of the address space it is
     */
    public record BeginDiscard(int operation, long firstPage, long pages) implements Command {}

    /** The discard is over, the lease is this memslot's again. */
    public record EndDiscard() implements Command {}

    /** Write-protect pages; {@code replyTo} is told when no CPU can write to them any more. */
    public record Protect(long firstPage, long pages, ActorRef<TlbShootdown.Flushed> replyTo) implements Command {}

    private enum Internal implements Command {
        FORWARD, RETRY_PARKED
    }

    private record Parked(PageBatch batch, int index) {}

    private static final int READ_BUFFER_MESSAGES = 256;
    private static final long NO_FRAME_RETRY_NANOS = 1_000_000;

    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotPages pages;
    private final SimulatedUserfaultPort port;
    private final MemslotLedger ledger;
    private final PageInstaller installer;
    private final WokenWaiters woken;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final UserfaultMessages messages = new UserfaultMessages(READ_BUFFER_MESSAGES);
    private List<Parked> parked = new ArrayList<>();
    /** What came while the lease was recalled: only its holder may change the second stage. */
    private final List<Command> heldBack = new ArrayList<>();
    private boolean forwardScheduled;
    private boolean retryScheduled;
    private int nextHandler;

    /**
     * Creates a memslot.
     *
     * @param index
     *            which of the machine's memslots it is
     * @param incarnation
     *            how many there were before it at that index
     */
    static Behavior<Command> create(MachineParts parts, int index, int incarnation) {
        return Behaviors.setup(context -> new Memslot(parts, index, incarnation, context.getSelf()));
    }

    private Memslot(MachineParts parts, int index, int incarnation, ActorRef<Command> self) {
        this.parts = parts;
        this.own = parts.memslotParts(index);
        this.pages = own.pages();
        this.port = own.port();
        this.woken = own.woken();
        this.self = self;
        this.lane = parts.world().lane("memslot-" + index);
        this.nextHandler = index % parts.spec().handlers();
        this.ledger = new MemslotLedger(pages, parts.space().hva(), own.removed(), parts.counters(),
                parts.spec().resolutionPolicy().prefetchPages(), incarnation);
        this.installer = new PageInstaller(port, pages, parts.spec().writeProtectInstalls(), parts.hasZeroPages(),
                parts.isTokens());
        if (incarnation > 0) {
            takeOver();
        }
    }

    /**
     * Its predecessor's waiters are told of an error by the machine: here they are only forgotten. So are events, whether
     * read or not: the address space's owner hears of the replacement too, and raises again what was not answered.
     */
    private void takeOver() {
        do {
            messages.clear();
        } while (port.read(messages) == Errno.OK);
        port.wake(pages.hvaStart(), pages.bytes());
        woken.clearWaiters();
        woken.clearCallers();
        own.outstanding().report(port.waiters());
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Fault fault -> onFault(fault);
            case Install install -> lane.run(out -> onInstall(install.batch(), out));
            case Replaced _ -> lane.run(this::onReplaced);
            case BeginDiscard discard -> lane.run(out -> onBeginDiscard(discard, out));
            case EndDiscard _ -> lane.run(this::onEndDiscard);
            case Protect protect -> lane.run(out -> onProtect(protect, out));
            case Internal.FORWARD -> lane.run(this::onForward);
            case Internal.RETRY_PARKED -> lane.run(this::onRetryParked);
        }
        return this;
    }

    private void onFault(Fault fault) {
        RaiseOutcome outcome = port.raise(fault.vcpu(), pages.hvaOfPage(fault.page()), fault.write(),
                fault.raisedNanos());
        switch (outcome) {
            case QUEUED -> scheduleForward();
            case ALREADY_RESOLVED, RESOLVED_BY_KERNEL -> mapResolved(fault);
            case RECALLED -> heldBack.add(fault);
            case SIGBUS, SEGV, NO_MEMORY -> resumeAtOnce(fault, true);
        }
    }

    private void mapResolved(Fault fault) {
        if (!own.lease().isHeld()) {
            heldBack.add(fault);
            return;
        }
        parts.counters().spurious.increment();
        MapOutcome mapped = own.stage().map(pages.gpaOfPage(fault.page()), fault.write());
        resumeAtOnce(fault, mapped != MapOutcome.MAPPED && mapped != MapOutcome.SPURIOUS);
    }

    private void resumeAtOnce(Fault fault, boolean failed) {
        long now = parts.world().clock().nanos();
        parts.vcpus()
                .get(fault.vcpu())
                .tell(new VCpu.Resume(pages.memslot(), FaultKind.MISSING, failed, now, now, now, now));
    }

    private void scheduleForward() {
        if (!forwardScheduled) {
            forwardScheduled = true;
            self.tell(Internal.FORWARD);
        }
    }

    private long onForward(Outbox out) {
        forwardScheduled = false;
        own.outstanding().report(port.waiters());
        PageBatch batch = null;
        messages.clear();
        while (port.read(messages) == Errno.OK) {
            PageBatch taken = ledger.takeUp(messages, this::wakePage);
            messages.clear();
            if (taken != null) {
                batch = taken;
                resolve(batch, out);
            }
        }
        resumeWoken(FaultKind.MISSING, null, out);
        tellReleasedCallers(out);
        return 0;
    }

    private void wakePage(long page) {
        port.wake(pages.hvaOfPage(page), pages.pageSize().bytes());
    }

    private void resolve(PageBatch batch, Outbox out) {
        batch.forwardedNanos(parts.world().clock().nanos());
        parts.world().trace(TraceKinds.FORWARDED, batch.page(0), batch.count());
        parts.gauges().memslots.record(ledger.pendingPages());
        out.tell(parts.handlers().get(nextHandler), new FaultHandler.Resolve(batch));
        nextHandler = nextHandler + 1 == parts.spec().handlers() ? 0 : nextHandler + 1;
    }

    private long onInstall(PageBatch batch, Outbox out) {
        batch.unfinished(batch.count());
        PageBatch again = null;
        int installed = 0;
        for (int index = 0; index < batch.count(); index++) {
            long page = batch.page(index);
            if (!ledger.isCurrent(page, batch.attempt(index))) {
                parts.counters().lateInstalls.increment();
                batch.unfinished(batch.unfinished() - 1);
                continue;
            }
            Outcome outcome = installer.install(batch, index);
            switch (outcome) {
                case DONE -> {
                    finish(page);
                    batch.unfinished(batch.unfinished() - 1);
                    installed++;
                }
                case PARKED, NO_FRAME -> park(batch, index, outcome);
                case NOT_CACHED -> {
                    again = ledger.reissue(page, FaultKind.MISSING, again);
                    batch.unfinished(batch.unfinished() - 1);
                }
                case GONE -> {
                    ledger.finish(page);
                    wakePage(page);
                    batch.unfinished(batch.unfinished() - 1);
                }
            }
        }
        afterInstall(batch, installed, out);
        if (again != null) {
            resolve(again, out);
        }
        return 0;
    }

    /** Maps the page where the guest looks for it, and only then wakes. */
    private void finish(long page) {
        ledger.finish(page);
        own.stage().map(pages.gpaOfPage(page), false);
        wakePage(page);
    }

    private void afterInstall(PageBatch batch, int installed, Outbox out) {
        if (installed > 0) {
            if (batch.resolution() == Resolution.POISON) {
                parts.counters().poisoned.add(installed);
            } else if (batch.resolution() != Resolution.UNPROTECT) {
                parts.counters().installed.add(installed);
            }
            parts.world().trace(TraceKinds.INSTALLED, batch.page(0), installed);
        }
        resumeWoken(kindOf(batch.resolution()), batch, out);
        if (batch.unfinished() == 0) {
            giveBack(batch, out);
        }
    }

    private static FaultKind kindOf(Resolution resolution) {
        return switch (resolution) {
            case COPY, ZEROPAGE, POISON -> FaultKind.MISSING;
            case CONTINUE -> FaultKind.MINOR;
            case UNPROTECT -> FaultKind.WRITE_PROTECT;
        };
    }

    private void giveBack(PageBatch batch, Outbox out) {
        if (batch.fetcher() != PageBatch.NO_FETCHER) {
            out.tell(parts.fetchers().get(batch.fetcher()), new PageFetcher.Return(batch));
        }
    }

    private void park(PageBatch batch, int index, Outcome why) {
        parts.counters().retried.increment();
        parked.add(new Parked(batch, index));
        if (why == Outcome.NO_FRAME && !retryScheduled) {
            retryScheduled = true;
            parts.world().deliverAfter(NO_FRAME_RETRY_NANOS, self, Internal.RETRY_PARKED);
        }
    }

    private long onRetryParked(Outbox out) {
        retryScheduled = false;
        List<Parked> again = parked;
        parked = new ArrayList<>();
        for (Parked one : again) {
            PageBatch single = one.batch().emptyLike(1);
            single.addFrom(one.batch(), one.index());
            retry(one, single, out);
        }
        return 0;
    }

    private void retry(Parked one, PageBatch single, Outbox out) {
        PageBatch whole = one.batch();
        long page = single.page(0);
        int installed = 0;
        if (!ledger.isCurrent(page, single.attempt(0))) {
            parts.counters().lateInstalls.increment();
        } else {
            Outcome outcome = installer.install(single, 0);
            switch (outcome) {
                case DONE -> {
                    finish(page);
                    installed = 1;
                }
                case PARKED, NO_FRAME -> {
                    park(whole, one.index(), outcome);
                    return;
                }
                case NOT_CACHED -> resolve(ledger.reissue(page, FaultKind.MISSING, null), out);
                case GONE -> {
                    ledger.finish(page);
                    wakePage(page);
                }
            }
        }
        whole.unfinished(whole.unfinished() - 1);
        afterInstall(whole, installed, out);
    }

    private void resumeWoken(FaultKind kind, @Nullable PageBatch batch, Outbox out) {
        if (woken.count() == 0) {
            return;
        }
        long now = parts.world().clock().nanos();
        VCpu.Resume resume = batch == null
                ? new VCpu.Resume(pages.memslot(), kind, false, now, now, now, now)
                : new VCpu.Resume(pages.memslot(), kind, false, batch.forwardedNanos(), batch.handledNanos(),
                        batch.fetchedNanos(), now);
        for (int index = 0; index < woken.count(); index++) {
            out.tell(parts.vcpus().get(woken.waiter(index)), resume);
        }
        woken.clearWaiters();
        own.outstanding().report(port.waiters());
    }

    private void tellReleasedCallers(Outbox out) {
        for (int index = 0; index < woken.callerCount(); index++) {
            out.tell(parts.addressSpaceOwner(),
                    new AddressSpaceOwner.EventRead(pages.memslot(), woken.caller(index)));
        }
        woken.clearCallers();
    }

    /** What was on its way may have died with whoever was replaced; whatever of it still comes is late. */
    private long onReplaced(Outbox out) {
        for (Parked one : parked) {
            PageBatch batch = one.batch();
            batch.unfinished(batch.unfinished() - 1);
            if (batch.unfinished() == 0) {
                giveBack(batch, out);
            }
        }
        parked.clear();
        PageBatch all = ledger.reissueAll();
        if (all != null) {
            resolve(all, out);
        }
        return 0;
    }

    private long onBeginDiscard(BeginDiscard discard, Outbox out) {
        own.lease().recall();
        long hvaStart = pages.hvaOfPage(discard.firstPage());
        long length = discard.pages() * pages.pageSize().bytes();
        port.removeEvent(discard.operation(), hvaStart, hvaStart + length);
        onForward(out);
        return 0;
    }

    private long onEndDiscard(Outbox out) {
        if (own.lease().isHeld()) {
            return 0;
        }
        own.lease().restore();
        onRetryParked(out);
        List<Command> again = List.copyOf(heldBack);
        heldBack.clear();
        again.forEach(self::tell);
        return onForward(out);
    }

    private long onProtect(Protect protect, Outbox out) {
        long length = protect.pages() * pages.pageSize().bytes();
        long gpa = pages.gpaOfPage(protect.firstPage());
        own.takenBack().begin();
        IoctlResult result = port.writeProtect(pages.hvaOfPage(protect.firstPage()), length,
                UserfaultModes.WRITEPROTECT_WP);
        if (!result.isOk()) {
            own.takenBack().cancel();
        }
        if (result.errno() == Errno.EAGAIN) {
            heldBack.add(protect);
            return 0;
        }
        if (!result.isOk()) {
            throw new IllegalStateException("write-protecting " + protect + " answered " + result);
        }
        out.tell(parts.shootdown(),
                own.takenBack().end(ChangeKind.PROTECT, gpa, gpa + length, 0, protect.replyTo()));
        return 0;
    }
}
