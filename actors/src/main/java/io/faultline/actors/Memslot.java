package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.chaos.ChaosKind;
import io.faultline.memory.Errno;
import io.faultline.memslot.MapOutcome;
import io.faultline.ring.EvictionBatch;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageBatch;
import io.faultline.staging.StagingRange;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.UserfaultMessages;
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

    /**
     * A handler or a fetcher was replaced, and with it went what it was working on.
     *
     * @param retired
     *            where the fetcher received: {@link AddressSpaceOwner.LetGo} follows when nothing is moved from there any
     *            more; or null
     */
    public record Replaced(String who, @Nullable StagingRange retired) implements Command {
        /** One that received nothing into a staging range. */
        public Replaced(String who) {
            this(who, null);
        }
    }

    /** What a page left that was moved is flushed, as far as the flush policy wants it. */
    record MoveFlushed(PageBatch batch, int index) implements Command {}

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

    /** The saver is through with a batch of pages on their way out. */
    record Saved(EvictionBatch batch) implements Command {}

    /** So is a flush. */
    record EvictionFlushed(EvictionBatch batch, TlbShootdown.Flushed answer) implements Command {}

    /** What an unmap kept from reuse is released; which one, its {@link io.faultline.ring.PageHold} says. */
    enum UnmapReleased implements Command {
        INSTANCE
    }

    /**
     * The directory names this memslot: who is asked for a page can answer it. A kernel would tell it of faults before that.
     */
    enum Attend implements Command {
        INSTANCE
    }

    private enum Internal implements Command {
        FORWARD, RETRY_PARKED
    }

    private static final int READ_BUFFER_MESSAGES = 256;
    private static final long NO_FRAME_RETRY_NANOS = 1_000_000;

    private final MachineParts parts;
    private final CrashDice dice;
    private final MemslotParts own;
    private final MemslotPages pages;
    private final MemslotPort port;
    private final MemslotLedger ledger;
    private final MemslotMessages messages;
    private final MemslotTime time;
    private final EvictionDesk eviction;
    private final QuarantineDesk quarantine;
    private final ProtectDesk protection;
    private final InstallDesk desk;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final UserfaultMessages read = new UserfaultMessages(READ_BUFFER_MESSAGES);
    /** What came while the lease was recalled: only its holder may change the second stage. */
    private final List<Command> heldBack = new ArrayList<>();
    private boolean forwardScheduled;
    private boolean retryScheduled;

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
        this.dice = new CrashDice(parts, ChaosKind.MEMSLOT_CRASH, index, incarnation);
        this.own = parts.memslotParts(index);
        this.pages = own.pages();
        this.port = own.port();
        this.self = self;
        this.lane = parts.world().lane("memslot-" + index, self);
        this.ledger = parts.workshop().ledger(parts, own, incarnation);
        this.messages = new MemslotMessages(parts, own);
        this.time = messages.time();
        this.eviction = new EvictionDesk(parts, own, ledger, self);
        this.quarantine = new QuarantineDesk(parts, own);
        this.protection = new ProtectDesk(parts, own, eviction, time);
        this.desk = new InstallDesk(parts, own, ledger, messages, eviction, quarantine);
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
            read.clear();
        } while (port.read(read) == Errno.OK);
        port.wake(pages.hvaStart(), pages.bytes());
        port.endWakes();
        own.woken().clearWaiters();
        own.woken().clearCallers();
        own.outstanding().report(port.waiters());
        messages.forgetAsked();
        own.takenBack().breakOff();
        own.moves().takeOver();
        eviction.takeOver();
        self.tell(Internal.RETRY_PARKED); // its predecessor may have left more resident than should be
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        dice.roll();
        switch (command) {
            case Fault fault -> onFault(fault);
            case Install install -> lane.run(out -> onInstall(install.batch(), out));
            case Replaced replaced -> lane.run(out -> onReplaced(replaced.retired(), out));
            case MoveFlushed flushed -> lane.run(out -> onMoveFlushed(flushed, out));
            case BeginDiscard discard -> lane.run(out -> onBeginDiscard(discard, out));
            case EndDiscard _ -> lane.run(this::onEndDiscard);
            case Protect protect -> lane.run(out -> onProtect(protect, out));
            case Saved saved -> lane.run(out -> onSaved(saved.batch(), out));
            case EvictionFlushed flushed -> lane.run(out -> onEvictionFlushed(flushed, out));
            case UnmapReleased _ -> lane.run(this::onUnmapReleased);
            case Attend _ -> port.attend(() -> self.tell(Internal.FORWARD));
            case Internal.FORWARD -> lane.run(this::onForward);
            case Internal.RETRY_PARKED -> lane.run(this::onRetryParked);
        }
        return this;
    }

    @Override
    protected void onStopped() {
        port.neglect();
        lane.abandon();
    }

    private void onFault(Fault fault) {
        eviction.wanted(fault.page(), 1);
        RaiseOutcome outcome = port.raise(fault.vcpu(), pages.hvaOfPage(fault.page()), fault.write(),
                fault.raisedNanos());
        switch (outcome) {
            case QUEUED -> {
                quarantine.wanted(fault.page());
                scheduleForward();
            }
            case ALREADY_RESOLVED, RESOLVED_BY_KERNEL -> mapResolved(fault);
            case RECALLED -> heldBack.add(fault);
            case SIGBUS, SEGV, NO_MEMORY -> messages.resumeAtOnce(fault.vcpu(), true);
        }
    }

    private void mapResolved(Fault fault) {
        if (!own.lease().isHeld()) {
            heldBack.add(fault);
            return;
        }
        parts.counters().spurious.increment();
        MapOutcome mapped = own.stage().map(pages.gpaOfPage(fault.page()), fault.write());
        boolean permitted = mapped == MapOutcome.MAPPED || mapped == MapOutcome.SPURIOUS;
        messages.resumeAtOnce(fault.vcpu(), !permitted);
    }

    private void scheduleForward() {
        long queuedNanos = time.queueNanos(!forwardScheduled);
        if (forwardScheduled) {
            return;
        }
        forwardScheduled = true;
        if (queuedNanos == 0) {
            self.tell(Internal.FORWARD);
        } else {
            parts.world().deliverAfter(queuedNanos, self, Internal.FORWARD);
        }
    }

    private long onForward(Outbox out) {
        forwardScheduled = false;
        int waitersKnown = port.waiters();
        messages.reportWaiters(out);
        read.clear();
        time.readerWakes();
        while (port.read(read) == Errno.OK) {
            time.read(read.count());
            PageBatch batch = ledger.takeUp(read, messages::wake);
            read.clear();
            if (batch != null) {
                keepWanted(batch);
                messages.resolve(batch, ledger.pendingPages(), out);
            }
        }
        if (port.waiters() > waitersKnown) {
            messages.reportWaiters(out); // a kernel tells of them by their messages
        }
        messages.resumeWoken(FaultKind.MISSING, null, out);
        messages.tellReleasedCallers(out);
        return time.take();
    }

    /** What is fetched along with a page may be on its way out: what its source holds is out of date then. */
    private void keepWanted(PageBatch batch) {
        if (parts.spec().resolutionPolicy().prefetchPages() > 0) {
            for (int index = 0; index < batch.count(); index++) {
                eviction.wanted(batch.page(index), 1);
            }
        }
    }

    private long onInstall(PageBatch batch, Outbox out) {
        desk.install(batch, out);
        retryWhenFramesMayBeFree();
        return time.take();
    }

    private long onRetryParked(Outbox out) {
        retryScheduled = false;
        quarantine.endReleased(); // what was released when this memslot had a predecessor, or had no lease
        eviction.beginIfNeeded(out); // what waits for a frame may wait for this memslot's own pages
        desk.retryParked(out);
        retryWhenFramesMayBeFree();
        return time.take();
    }

    private void retryWhenFramesMayBeFree() {
        if (desk.takeFrameWanted() && !retryScheduled) {
            retryScheduled = true;
            quarantine.frameWanted();
            parts.world().deliverAfter(NO_FRAME_RETRY_NANOS, self, Internal.RETRY_PARKED);
        }
    }

    /** What was on its way may have died with whoever was replaced; whatever of it still comes is late. */
    private long onReplaced(@Nullable StagingRange retired, Outbox out) {
        desk.dropParked(out);
        messages.forgetAsked();
        PageBatch all = ledger.reissueAll();
        if (all != null) {
            messages.resolve(all, ledger.pendingPages(), out);
        }
        if (retired != null) {
            out.tell(parts.addressSpaceOwner(), new AddressSpaceOwner.LetGo(pages.memslot(), retired));
        }
        return time.take();
    }

    private long onMoveFlushed(MoveFlushed flushed, Outbox out) {
        desk.moveFlushed(flushed.batch(), flushed.index(), out);
        return time.take();
    }

    private long onSaved(EvictionBatch batch, Outbox out) {
        return retryIf(eviction.onSaved(batch, out), out);
    }

    private long onEvictionFlushed(EvictionFlushed flushed, Outbox out) {
        return retryIf(eviction.onFlushed(flushed.batch(), flushed.answer(), out), out);
    }

    private long onUnmapReleased(Outbox out) {
        return retryIf(quarantine.endReleased(), out);
    }

    private long retryIf(boolean mayBeInstalled, Outbox out) {
        if (mayBeInstalled) {
            desk.retryParked(out);
            retryWhenFramesMayBeFree();
        }
        return time.take();
    }

    private long onBeginDiscard(BeginDiscard discard, Outbox out) {
        eviction.recalled();
        own.lease().recall();
        long hvaStart = pages.hvaOfPage(discard.firstPage());
        long length = discard.pages() * pages.pageSize().bytes();
        port.removeEvent(discard.operation(), hvaStart, hvaStart + length);
        messages.forgetAsked(discard.firstPage(), discard.pages()); // the event has what is under way asked for again
        return onForward(out);
    }

    private long onEndDiscard(Outbox out) {
        if (own.lease().isHeld()) {
            return onUnmapReleased(out); // it may have been told to a predecessor
        }
        own.lease().restore();
        eviction.recount();
        eviction.beginIfNeeded(out);
        long parkedNanos = onRetryParked(out);
        List<Command> again = List.copyOf(heldBack);
        heldBack.clear();
        again.forEach(self::tell);
        return parkedNanos + onForward(out);
    }

    private long onProtect(Protect protect, Outbox out) {
        if (!protection.protect(protect, out)) {
            heldBack.add(protect);
        }
        return time.take();
    }
}
