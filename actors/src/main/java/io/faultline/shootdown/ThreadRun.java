package io.faultline.shootdown;

import io.faultline.cost.Operation;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Runs the script of the thread on one CPU. Not thread-safe: the CPU's actor owns it. */
final class ThreadRun {
    private static final long THREAD_SALT = 0x7EADL;

    private final Machine machine;
    private final ActorRef<CpuActor.Command> self;
    private final CpuTime time;
    private final CpuCore core;
    private final FlushDesk desk;
    private final CallRun calls;
    private final SplitMix random;
    private final @Nullable ThreadScript script;
    private final boolean awaited;

    ThreadRun(Machine machine, int cpu, ActorRef<CpuActor.Command> self, CpuTime time, CpuCore core, FlushDesk desk,
            CallRun calls) {
        this.machine = machine;
        this.self = self;
        this.time = time;
        this.core = core;
        this.desk = desk;
        this.calls = calls;
        this.random = machine.world().random(THREAD_SALT + ((long) cpu << 16));
        var spec = machine.spec();
        ThreadScript own = spec.workload().script(cpu, spec.cpus(), random);
        this.awaited = own != null;
        this.script = awaited ? own : spec.workload().background(cpu, spec.cpus(), random);
        if (awaited) {
            machine.callerBegins();
        }
    }

    void begin() {
        time.work(0, this::next);
    }

    /** Takes the next step, if there is one: a thread without computes in user mode. */
    private void next() {
        if (machine.isOver() || script == null) {
            return;
        }
        ThreadStep step = script.next();
        if (awaited) {
            machine.callerGoesOn(switch (step) {
                case ThreadStep.Compute(long nanos) -> nanos;
                case ThreadStep.Sleep(long nanos) -> nanos;
                case null, default -> 0;
            });
        }
        switch (step) {
            case null -> {
                if (awaited) {
                    machine.callerEnds();
                }
            }
            case ThreadStep.Call call -> calls.begin(call, this::next);
            case ThreadStep.Fault(int pages) -> fault(pages);
            case ThreadStep.Read(int pages, int among) -> time.work(read(pages, among), this::next);
            case ThreadStep.Compute(long nanos) -> time.work(nanos, this::next);
            case ThreadStep.Sleep(long nanos) -> time.work(desk.departing(), () -> sleep(nanos));
        }
    }

    private void fault(int pages) {
        if (pages == 0) {
            next();
            return;
        }
        long nanos = machine.cost(Operation.ANON_FAULT) + machine.mmLock().lineWaitNanos();
        time.work(nanos, () -> fault(pages - 1));
    }

    private long read(int pages, int among) {
        long nanos = 0;
        for (int each = 0; each < pages; each++) {
            long address = AppMemory.address(AddressWindows.common(), random.nextInt(among));
            machine.memory().populate(address, 1);
            nanos += core.access(address, false);
        }
        return nanos;
    }

    private void sleep(long nanos) {
        core.idle();
        machine.world().deliverAfter(nanos, self, CpuActor.Signal.WAKE);
    }

    void wake() {
        time.work(core.leaveIdle(), this::next);
    }
}
