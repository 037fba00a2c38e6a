package io.faultline.race;

import io.faultline.explore.Channel;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.memory.Entry;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbEntry;
import org.jspecify.annotations.Nullable;

/**
 * A CPU: its TLB, its part of the flush policy, and what it is in the middle of. It takes interrupts between instructions,
 * unless it is in a handler, in the middle of a context switch or scheduled out by the hypervisor.
 */
public final class RaceCpu {
    private static final int TLB_ENTRIES = 64;

    /** An address that was translated, for an access that is still to come. */
    private record InFlight(long address, boolean write, long frame) {}

    private final Race race;
    private final Stage stage;
    private final Script script;
    private final int number;
    private final Tlb tlb = new Tlb(TLB_ENTRIES);
    private final Port port = new Port();
    private final CpuPart part;
    /** The second half of an interrupt: what the handler does. Nothing else of the CPU comes before it. */
    private final Channel handler;
    private @Nullable RaceSpace space;
    /** The tag it runs under; a space that gets another one keeps this until the next switch. */
    private int asid;
    private @Nullable InFlight inFlight;
    private boolean switching;
    private boolean scheduledOut;
    private boolean reportedPreempted;
    private @Nullable RaceInitiator flushingLocally;

    RaceCpu(Race race, int number, Script script) {
        this.race = race;
        this.number = number;
        this.script = script;
        stage = race.stage();
        handler = stage.channel("handler", script, script);
        tlb.observer(race.oracle().tlbObserver(number));
        part = race.policy().cpuPart(number, race.domain(), port);
    }

    void boot(RaceSpace first) {
        space = first;
        asid = first.asid();
        part.switchBegins(first.asid());
        part.switchEnds();
    }

    int number() {
        return number;
    }

    Script script() {
        return script;
    }

    /** {@return how many translations its TLB holds} */
    public int liveTranslations() {
        return tlb.liveEntries();
    }

    boolean runsItsThread() {
        return handler.size() == 0 && !scheduledOut;
    }

    boolean takesInterrupts() {
        return handler.size() == 0 && !scheduledOut && !switching && inFlight == null;
    }

    /** An interrupt has come: its handler is entered, and does its work as the CPU's next step. */
    void interrupted(FlushCommand command) {
        part.ipiEntered(command);
        handler.send("flush_tlb_func", () -> part.ipi(command));
    }

    /** Flushes without an interrupt, because the thread itself asked. */
    void flushLocally(FlushCommand command, RaceInitiator initiator) {
        flushingLocally = initiator;
        part.ipi(command);
        flushingLocally = null;
    }

    /**
     * Returns the step in which a context switch gets as far as this: the CPU's bit in the mask is set, the generation read,
     * the page table loaded; interrupts are off and nothing is published yet ({@code LOADED_MM_SWITCHING}).
     *
     * @param next the address space switched to
     */
    public RaceStep switchBegins(RaceSpace next) {
        return thread -> thread.when("switch_mm to " + next.name() + ": set the mask bit, read tlb_gen, load CR3",
                () -> true, () -> {
                    switching = true;
                    space = next;
                    asid = next.asid();
                    part.switchBegins(asid);
                });
    }

    /** {@return the step that ends a context switch: what is loaded is published, interrupts are on again} */
    public RaceStep switchEnds() {
        return thread -> thread.when("publish loaded_mm", () -> true, () -> {
            part.switchEnds();
            switching = false;
        });
    }

    /**
     * Returns a whole context switch, or the end of idleness, in its two steps.
     *
     * @param next the address space switched to
     */
    public RaceStep switchTo(RaceSpace next) {
        return RaceStep.all(switchBegins(next), switchEnds());
    }

    /** {@return the step of going idle with the address space still loaded (lazy TLB); ends with the next switch} */
    public RaceStep idle() {
        return thread -> thread.when("go idle, lazy TLB", () -> true, part::idle);
    }

    /** {@return the timer tick, as a step} */
    public RaceStep tick() {
        return thread -> thread.when("timer tick", () -> true, part::tick);
    }

    /**
     * Returns the step in which the hypervisor takes the CPU away, for a thread other than its own.
     *
     * @param reportMidInstruction whether it says "preempted" even when an address was translated and not yet accessed,
     *     which is what Linux 6cd88243c7e0 forbids; otherwise it says so only between instructions
     */
    public RaceStep scheduleOut(boolean reportMidInstruction) {
        return thread -> thread.when("schedule vCPU " + number + " out", () -> handler.size() == 0 && !switching,
                () -> {
                    scheduledOut = true;
                    if (inFlight == null || reportMidInstruction) {
                        reportedPreempted = true;
                        part.preempted();
                        thread.note("KVM_VCPU_PREEMPTED set");
                    } else {
                        thread.note("mid-instruction, not reported");
                    }
                });
    }

    /** {@return the step in which the hypervisor gives the CPU back; it completes its instruction and enters the guest} */
    public RaceStep scheduleIn() {
        return thread -> thread.when("schedule vCPU " + number + " in", () -> scheduledOut, () -> {
            scheduledOut = false;
            if (inFlight == null) {
                enterGuest();
            }
        });
    }

    private void enterGuest() {
        if (reportedPreempted) {
            reportedPreempted = false;
            stage.note("VM entry");
            part.resumed();
        }
    }

    /** Has the translation in the TLB from the start, as after an access. */
    void caches(RaceSpace its, long page, boolean write) {
        requireRunsIn(its);
        long address = RacePages.address(page);
        part.walk(asid, address);
        long entry = its.memory().hva().walkAndMark(address, write);
        if (!permits(entry, write)) {
            throw new IllegalStateException("CPU " + number + " cannot cache page " + page + ": it is not mapped so");
        }
        tlb.fill(asid, address, entry);
        stage.initially(script, "page " + page + " cached, " + (write ? "dirty, " : "") + "frame "
                + Entry.frameAt(entry, address));
    }

    /** A whole instruction, unless it faults. */
    void access(RaceSpace its, long page, boolean write) {
        if (translate(its, page, write) >= 0) {
            race.oracle().accessed(number, asid, RacePages.address(page), write);
        }
    }

    /** A walk that nobody asked for. */
    void speculate(RaceSpace its, long page) {
        translate(its, page, false);
    }

    /** The first half of an instruction. */
    void beginAccess(RaceSpace its, long page, boolean write) {
        long frame = translate(its, page, write);
        if (frame >= 0) {
            inFlight = new InFlight(RacePages.address(page), write, frame);
        }
    }

    /** The second half; the hypervisor enters the guest only now, if it was the one to complete the instruction. */
    void completeAccess() {
        InFlight access = inFlight;
        if (access == null) {
            stage.note("faulted before");
            return;
        }
        stage.note("frame " + access.frame());
        race.oracle().accessed(number, asid, access.address(), access.write());
        inFlight = null;
        enterGuest();
    }

    /** Finds the frame that an access goes to, -1 when it faults. */
    private long translate(RaceSpace its, long page, boolean write) {
        requireRunsIn(its);
        long address = RacePages.address(page);
        long hit = tlb.lookup(asid, address, write);
        if (hit != Tlb.MISS) {
            stage.note("cached, frame " + TlbEntry.frameAt(hit, address));
            return TlbEntry.frameAt(hit, address);
        }
        part.walk(asid, address);
        long entry = its.memory().hva().walkAndMark(address, write);
        if (!permits(entry, write)) {
            stage.note("page fault, " + (Entry.isPresent(entry) ? "read-only" : "not present"));
            return -1;
        }
        tlb.fill(asid, address, entry);
        stage.note("walks to frame " + Entry.frameAt(entry, address));
        return Entry.frameAt(entry, address);
    }

    private void requireRunsIn(RaceSpace its) {
        if (its != space) {
            throw new IllegalStateException("CPU " + number + " does not run in " + its.name());
        }
    }

    private static boolean permits(long entry, boolean write) {
        return write ? Entry.isWritable(entry) : Entry.isPresent(entry);
    }

    private final class Port implements CpuPort {
        @Override
        public void invalidate(int asid, long start, long end, int strideShift) {
            stage.note("INVLPG " + RacePages.pages(start, end));
            tlb.invalidate(asid, start, end);
        }

        @Override
        public void flushSpace(int asid) {
            stage.note("flushes all of asid " + asid);
            tlb.flushSpace(asid);
        }

        @Override
        public void flushAll() {
            stage.note("flushes everything");
            tlb.flushAll();
        }

        @Override
        public int liveEntries() {
            return tlb.liveEntries();
        }

        @Override
        public void acknowledge(int initiator, long ticket) {
            RaceInitiator target = race.initiator(initiator);
            if (target == flushingLocally) {
                target.flushedLocally(number, ticket);
            } else {
                stage.note("acknowledges");
                target.acknowledge(number, ticket);
            }
        }
    }
}
