package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;

import io.faultline.oracle.SafetyOracle;
import io.faultline.time.SplitMix;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbEntry;

/** A CPU with its TLB: accesses pages at random, switches, idles, ticks, is preempted, and takes IPIs when it can. */
final class HarnessCpu implements CpuPort {
    private enum State {
        RUNNING,
        SWITCHING,
        IDLE,
        PREEMPTED
    }

    private final FlushHarness harness;
    private final int cpu;
    private final Tlb tlb = new Tlb(8);
    private final HarnessMemory memory;
    private final SafetyOracle oracle;
    private final SplitMix random;
    private final CpuPart part;
    private final List<FlushCommand> interrupts = new ArrayList<>();

    /** The interrupt whose handler runs: the CPU makes no accesses meanwhile. */
    private FlushCommand handling;

    private State state = State.SWITCHING;
    private int asid;
    private int accessesLeft = 60;

    HarnessCpu(FlushHarness harness, int cpu, FlushPolicy policy) {
        this.harness = harness;
        this.cpu = cpu;
        memory = harness.memory();
        oracle = harness.oracle();
        random = harness.random();
        part = policy.cpuPart(cpu, harness.domain(), this);
        tlb.observer(oracle.tlbObserver(cpu).and(part.tlbObserver()));
        asid = cpu % HarnessMemory.SPACES;
        part.switchBegins(asid);
    }

    boolean isRunning() {
        return state == State.RUNNING && handling == null;
    }

    boolean hasWork() {
        return accessesLeft > 0 || !interrupts.isEmpty() || handling != null;
    }

    void interrupt(FlushCommand command) {
        interrupts.add(command);
    }

    /** Invalidation by broadcast takes effect whatever the CPU is doing. */
    void invalidateByHardware(FlushCommand command) {
        if (command.isFull()) {
            tlb.flushSpace(command.asid());
        } else {
            tlb.invalidate(command.asid(), command.start(), command.end());
        }
    }

    void offer(List<FlushHarness.Step> steps) {
        if (handling != null) {
            offer(steps, "handles " + handling, () -> {
                var command = handling;
                handling = null;
                part.ipi(command);
            });
            return;
        }
        switch (state) {
            case RUNNING -> offerRunning(steps);
            case SWITCHING -> offer(steps, "ends its switch", () -> {
                part.switchEnds();
                state = State.RUNNING;
            });
            case IDLE -> {
                offerInterrupts(steps);
                offer(steps, "wakes", () -> switchTo(asid));
            }
            case PREEMPTED -> offer(steps, "is resumed", () -> {
                part.resumed();
                state = State.RUNNING;
            });
        }
    }

    private void offerRunning(List<FlushHarness.Step> steps) {
        offerInterrupts(steps);
        offer(steps, "ticks", part::tick);
        if (accessesLeft == 0) {
            return;
        }
        for (int i = 0; i < 3; i++) {
            offer(steps, "accesses", this::access);
        }
        if (random.nextInt(4) == 0) {
            offer(steps, "switches", () -> {
                if (harness.departs(cpu)) {
                    switchTo(random.nextInt(HarnessMemory.SPACES));
                }
            });
            offer(steps, "idles", () -> {
                if (harness.departs(cpu)) {
                    part.idle();
                    state = State.IDLE;
                    harness.departed(cpu);
                }
            });
            offer(steps, "is preempted", () -> {
                part.preempted();
                state = State.PREEMPTED;
            });
        }
    }

    private void offerInterrupts(List<FlushHarness.Step> steps) {
        for (FlushCommand command : interrupts) {
            offer(steps, "takes " + command, () -> {
                interrupts.remove(command);
                part.ipiEntered(command);
                handling = command;
            });
        }
    }

    private void switchTo(int to) {
        asid = to;
        state = State.SWITCHING;
        part.switchBegins(to);
        harness.departed(cpu);
    }

    private void access() {
        accessesLeft--;
        int page = random.nextInt(HarnessMemory.PAGES);
        boolean write = random.nextInt(2) == 0;
        var quarantine = memory.quarantine(asid, page);
        if (quarantine != null && quarantine.direction() == Direction.INTO_APP) {
            return; // The monitor is trusted not to touch what it moved away.
        }
        long address = HarnessMemory.address(page);
        if (tlb.lookup(asid, address, write) == Tlb.MISS && !walk(page, write)) {
            return;
        }
        long entry = tlb.lookup(asid, address, write);
        if (entry != Tlb.MISS) {
            oracle.accessed(cpu, asid, address, write);
            harness.used(TlbEntry.frame(entry));
        }
    }

    private boolean walk(int page, boolean write) {
        part.walk(asid, HarnessMemory.address(page));
        // One page in four is mapped read-only.
        if (!memory.isPresent(asid, page) && !memory.fault(asid, page, write || random.nextInt(2) == 0)) {
            return false;
        }
        boolean writable = memory.isWritable(asid, page);
        if (write && !writable) {
            return false;
        }
        memory.mark(asid, page, write);
        tlb.fill(asid, HarnessMemory.address(page), 0, memory.frame(asid, page), writable, memory.isDirty(asid, page));
        return true;
    }

    private void offer(List<FlushHarness.Step> steps, String what, Runnable action) {
        steps.add(new FlushHarness.Step(cpu, "CPU " + cpu + " " + what, action));
    }

    @Override
    public void invalidate(int space, long start, long end, int strideShift) {
        tlb.invalidate(space, start, end);
    }

    @Override
    public void flushSpace(int space) {
        tlb.flushSpace(space);
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
    public void syncBroadcasts() {
        harness.syncBroadcasts(cpu);
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        harness.acknowledge(cpu, initiator, ticket);
    }
}
