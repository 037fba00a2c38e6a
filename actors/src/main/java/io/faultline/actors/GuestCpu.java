package io.faultline.actors;

import java.util.Arrays;

import io.faultline.cost.Operation;
import io.faultline.flush.CpuActivity;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushCommands;
import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbEntry;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * A vCPU's CPU: its TLB (its own, or that of a CPU it shares), its part of the flush policy, and the walk of the second
 * stage. Accesses the guest's
 * memory and has what it finds there verified. Not thread-safe: its vCPU owns it.
 */
final class GuestCpu implements CpuPort {
    /** CONFIG_HZ=1000. */
    private static final long TICK_NANOS = 1_000_000;

    private final MachineParts parts;
    private final int index;
    private final Tlb tlb;
    private final int tagOffset;
    private final CpuPart part;
    private final CpuActivity activity;
    /** Takes what the policy has acknowledged outside interrupts; null outside what may. */
    private @Nullable Outbox out;
    /** What the interrupt under way has answered; null outside any. */
    private @Nullable Answers answers;
    private long accessCount;
    private long walks;
    /** What the policy has made this CPU drop, and nobody was charged for yet. */
    private long flushNanos;

    GuestCpu(MachineParts parts, int index) {
        this.parts = parts;
        this.index = index;
        this.tlb = parts.cpus().tlbOf(index);
        this.tagOffset = parts.cpus().tagOffset(index);
        this.part = parts.flushPolicy().cpuPart(index, parts.flushDomain(), this);
        parts.cpus().observe(index, tlb, part.tlbObserver());
        this.activity = new CpuActivity(parts.flushPolicy(), part, MachineParts.GUEST_ASID, TICK_NANOS);
    }

    /** The vCPU is about to make accesses: what the policy has the CPU do before the first is done. */
    void run(Outbox outbox) {
        if (!activity.isRunning()) {
            out = outbox;
            activity.run();
            out = null;
        }
    }

    /** The vCPU is halted, or waits for something to do. */
    void idle(Outbox outbox) {
        out = outbox;
        activity.idle();
        out = null;
    }

    /** The vCPU has finished. */
    void leave(Outbox outbox) {
        out = outbox;
        activity.leave();
        out = null;
    }

    /** The CPU goes to another vCPU, between two accesses of this one. */
    void preempted() {
        activity.preempted();
    }

    /** Whether the CPU went to another vCPU, and this one has not gone on since. */
    boolean isPreempted() {
        return activity.isPreempted();
    }

    /** Whether the CPU ticks. */
    boolean ticks() {
        return activity.ticks();
    }

    /** Ticks when it is time. */
    void tick(long nowNanos, Outbox outbox) {
        out = outbox;
        activity.tickIfDue(nowNanos);
        out = null;
    }

    /** What the policy has made this CPU drop since this was asked last, outside interrupts. */
    long takeFlushNanos() {
        long nanos = flushNanos;
        flushNanos = 0;
        return nanos;
    }

    /**
     * Makes one access.
     *
     * @param page
     *            the machine's page
     * @param offset
     *            of the access within the page
     * @param isRetry
     *            whether the access faulted just before: its TLB, which nothing but its own walks fills, has still nothing
     * @param shard
     *            counts it
     * @return false when it faults
     */
    boolean access(long page, long offset, boolean write, boolean isRetry, VcpuShard shard) {
        long gpa = (page << parts.spec().pageSize().shift()) + offset;
        int tag = part.tag(MachineParts.GUEST_ASID);
        long translation = isRetry ? Tlb.MISS : tlb.lookup(tag + tagOffset, gpa, write);
        boolean isHit = translation != Tlb.MISS;
        if (!isHit) {
            translation = walk(tag, gpa, write);
            if (translation == Tlb.MISS) {
                return false;
            }
            shard.add(VcpuShard.TLB_MISSES, 1);
        } else {
            shard.add(VcpuShard.TLB_HITS, 1);
        }
        if (parts.oracle().isOn()) {
            parts.oracle().accessed(index, tag, gpa, write);
        }
        shard.add(VcpuShard.ACCESSES, 1);
        touch(gpa, TlbEntry.frameAt(translation, gpa), write, !isHit, shard);
        return true;
    }

    private long walk(int tag, long gpa, boolean write) {
        walks++;
        part.walk(MachineParts.GUEST_ASID, gpa);
        long entry = parts.secondStage().walkAndMark(gpa, write);
        boolean permitted = Entry.isPresent(entry) && (!write || Entry.isWritable(entry));
        return permitted ? tlb.fill(tag + tagOffset, gpa, entry) : Tlb.MISS;
    }

    private void touch(long gpa, long frame, boolean write, boolean walked, VcpuShard shard) {
        if (write) {
            shard.add(VcpuShard.WRITES, 1);
        }
        if (parts.spec().verify()) {
            long basePage = gpa >>> PageSize.BASE_SHIFT;
            if (write) {
                parts.verifier().write(basePage, frame);
            } else {
                parts.verifier().read(basePage, frame, walked, shard.tally());
            }
        } else if (write) {
            parts.frames().contents().addToWord(frame, 1);
        }
    }

    /** Which base page of a larger page the workload's next access goes to: any, always the same for the same run. */
    long nextOffset() {
        long basePages = parts.spec().pageSize().basePages();
        if (basePages == 1) {
            return 0;
        }
        long drawn = SplitMix.mix(parts.spec().seed() + ((long) index << 32) + accessCount++);
        return (drawn & (basePages - 1)) << PageSize.BASE_SHIFT;
    }

    /** How often the page tables were walked, in vain too. */
    long walks() {
        return walks;
    }

    /**
     * Takes an interrupt: does all that is asked of this CPU, and acknowledges it in one message. One operation of the
     * lane, so what is acknowledged first would leave no sooner if it went alone.
     */
    long interrupt(Outbox out) {
        long enteredNanos = parts.world().clock().nanos();
        FlushCommands commands = parts.cpus().interrupts().take(index);
        parts.listener().ipiTaken(enteredNanos, index, commands.count());
        Answers gathered = new Answers(commands.count());
        answers = gathered;
        for (int each = 0; each < commands.count(); each++) {
            FlushCommand command = commands.command(each);
            parts.world().trace(TraceKinds.INTERRUPTED, index, command.ticket());
            part.ipiEntered(command);
            part.ipi(command);
        }
        answers = null;
        long costNanos = parts.charges().of(Operation.IPI_ENTRY) + takeFlushNanos();
        parts.flushStatistics().victimStolen(parts.world().clock().nanos() - enteredNanos + costNanos);
        out.tell(parts.shootdown(), new TlbShootdown.Answered(index, gathered.tickets()));
        return costNanos;
    }

    /** Drops what a broadcast names; no part of the policy hears of it. */
    void invalidated(FlushCommand command) {
        if (command.isFull()) {
            tlb.flushSpace(command.asid() + tagOffset);
        } else {
            tlb.invalidate(command.asid() + tagOffset, command.start(), command.end());
        }
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        flushNanos += parts.charges().of(Operation.INVLPG, Math.max(1, (end - start) >>> strideShift));
        tlb.invalidate(asid + tagOffset, start, end);
    }

    @Override
    public void flushSpace(int asid) {
        flushNanos += parts.charges().of(Operation.FULL_FLUSH);
        tlb.flushSpace(asid + tagOffset);
    }

    @Override
    public void flushAll() {
        flushNanos += parts.charges().of(Operation.FULL_FLUSH);
        tlb.flushSpace(MachineParts.GUEST_ASID + tagOffset); // all there is of this vCPU's (INVVPID, single context)
    }

    @Override
    public int liveEntries() {
        return tlb.liveEntries();
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        Answers gathering = answers;
        if (gathering != null) {
            gathering.add(ticket);
            return;
        }
        Outbox outbox = out;
        if (outbox == null) {
            throw new IllegalStateException(
                    "CPU " + index + " acknowledges ticket " + ticket + " while it does nothing");
        }
        outbox.tell(parts.shootdown(), new TlbShootdown.Acknowledged(index, ticket));
    }

    /** The tickets that one interrupt acknowledges: most often one for each command. */
    private static final class Answers {
        private long[] tickets;
        private int count;

        Answers(int expected) {
            tickets = new long[expected];
        }

        void add(long ticket) {
            if (count == tickets.length) {
                tickets = Arrays.copyOf(tickets, 2 * count);
            }
            tickets[count++] = ticket;
        }

        long[] tickets() {
            return count == tickets.length ? tickets : Arrays.copyOf(tickets, count);
        }
    }
}
