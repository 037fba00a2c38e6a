package io.faultline.actors;

import io.faultline.actors.HostSignals.Signal;
import io.faultline.flush.CpuActivity;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbEntry;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * The CPU that a page fetcher runs on: it writes what was received to the staging range, by host-virtual address and
 * through a TLB, and so it is a target of flushes like any vCPU's. Not thread-safe: the fetcher owns it.
 */
final class HostCpu implements CpuPort {
    private final MachineParts parts;
    private final int fetcher;
    private final int cpu;
    private final HostSignals signals;
    private final PageSize pageSize;
    private final Tlb tlb;
    private final CpuPart part;
    private final CpuActivity activity;
    private @Nullable Outbox out;

    /**
     * @param fetcher
     *            which of the machine's fetchers runs on it; the TLB of the one before is empty from now on
     */
    HostCpu(MachineParts parts, int fetcher) {
        this.parts = parts;
        this.fetcher = fetcher;
        this.signals = parts.staging().signals();
        this.cpu = parts.cpus().hostCpu(fetcher);
        this.pageSize = parts.spec().pageSize();
        this.tlb = parts.staging().tlb(fetcher);
        tlb.flushAll();
        this.part = parts.flushPolicy().cpuPart(cpu, parts.flushDomain(), this);
        tlb.observer(parts.oracle().tlbObserver(cpu).and(part.tlbObserver()));
        this.activity = new CpuActivity(parts.flushPolicy(), part, MachineParts.HOST_ASID, 0);
        // The one before may have died at work, and the policy still thinks that this CPU runs.
        activity.run();
        activity.idle();
    }

    /** The fetcher waits for the next pages to arrive. */
    void idle() {
        activity.idle();
    }

    /**
     * Writes a whole page.
     *
     * @param hva
     *            where, a multiple of the page size
     * @return false when the page is not there and no frame either
     */
    boolean write(long hva, PageBuffer from) {
        activity.run();
        int tag = part.tag(MachineParts.HOST_ASID);
        long translation = tlb.lookup(tag, hva, true);
        if (translation == Tlb.MISS) {
            translation = walk(tag, hva);
            if (translation == Tlb.MISS) {
                return false;
            }
        }
        if (parts.oracle().isOn()) {
            parts.oracle().accessed(cpu, tag, hva, true);
        }
        parts.frames().contents().copyIn(TlbEntry.frameAt(translation, hva), from, 0, pageSize.basePages());
        return true;
    }

    private long walk(int tag, long hva) {
        part.walk(MachineParts.HOST_ASID, hva);
        long entry = parts.space().hva().walkAndMark(hva, true);
        if (!Entry.isPresent(entry)) {
            if (!fault(hva)) {
                return Tlb.MISS;
            }
            entry = parts.space().hva().walkAndMark(hva, true);
        }
        tlb.fill(tag, hva, entry);
        return tlb.lookup(tag, hva, true);
    }

    /** As the kernel resolves a fault on anonymous memory, but for the zeros: all of the page is about to be written. */
    private boolean fault(long hva) {
        FramePool frames = parts.frames();
        long frame = frames.allocate(pageSize);
        if (frame < 0) {
            return false;
        }
        frames.exclusive(frame, pageSize, true);
        Errno mapped = parts.space()
                .mappings()
                .installOverNone(hva, pageSize, Entry.of(frame, pageSize, Entry.WRITABLE | Entry.DIRTY));
        assert mapped == Errno.OK : "staging page at 0x" + Long.toHexString(hva) + ": " + mapped;
        return true;
    }

    /** Does what this CPU was asked to, perhaps of the fetcher before; there may be nothing left of it. */
    long interrupt(Outbox outbox) {
        long enteredNanos = parts.world().clock().nanos();
        out = outbox;
        for (Signal signal = signals.take(fetcher); signal != null; signal = signals.take(fetcher)) {
            FlushCommand command = signal.command();
            parts.world().trace(TraceKinds.INTERRUPTED, cpu, command.ticket());
            if (signal.broadcast() == HostSignals.NO_BROADCAST) {
                parts.listener().ipiTaken(enteredNanos, cpu, 1);
                part.ipiEntered(command);
                part.ipi(command);
            } else {
                drop(command);
                outbox.tell(parts.shootdown(), new TlbShootdown.Invalidated(signal.broadcast()));
            }
        }
        out = null;
        parts.flushStatistics().victimStolen(parts.world().clock().nanos() - enteredNanos);
        return 0;
    }

    /** The hardware's own doing: no part of the policy hears of it. */
    private void drop(FlushCommand command) {
        if (command.isFull()) {
            tlb.flushSpace(command.asid());
        } else {
            tlb.invalidate(command.asid(), command.start(), command.end());
        }
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        tlb.invalidate(asid, start, end);
    }

    @Override
    public void flushSpace(int asid) {
        tlb.flushSpace(asid);
    }

    @Override
    public void flushAll() {
        tlb.flushAll();
    }

    @Override
    public int liveEntries() {
        return tlb.liveEntries();
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        TlbShootdown.Acknowledged acknowledged = new TlbShootdown.Acknowledged(cpu, ticket);
        Outbox outbox = out;
        if (outbox == null) {
            parts.shootdown().tell(acknowledged);
        } else {
            outbox.tell(parts.shootdown(), acknowledged);
        }
    }
}
