package io.faultline.shootdown;

import java.util.function.LongSupplier;

import io.faultline.flush.HostDuty;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A CPU and the thread that is pinned to it. Bounded by: an interrupt for each CPU that has nothing else on its way here,
 * an answer for each command sent, one piece of work and one tick. Supervision: none; what it throws ends the run.
 */
final class CpuActor {
    /** The protocol. */
    sealed interface Command {}

    /** What carries nothing. */
    enum Signal implements Command {
        BEGIN,
        /** A piece of the thread's work would be over, were it not for interrupts. */
        WORKED,
        /** An interrupt has come. What it asks waits in the machine's pending interrupts. */
        INTERRUPT,
        /** The thread has got the mm lock. */
        LOCKED,
        TICK,
        /** A thread has touched the pages it was asked to. */
        TOUCHED,
        /** The thread has slept enough. */
        WAKE,
        /** The hypervisor lets another vCPU run, or this one again. */
        PREEMPT, RESUMED,
        /** Nobody calls any more: flush what was deferred. */
        DRAIN
    }

    /** A CPU has done what a command of this one's asked. */
    record Answered(int cpu, long ticket) implements Command {}

    /** What this CPU had broadcast has taken effect. */
    record Synced(long ticket) implements Command {}

    /** A timer of the policy's initiator part. */
    record TimerDue(long timer) implements Command {}

    /** Read these pages, and say when that is done. */
    record Touch(long start, int pages, ActorRef<Command> replyTo) implements Command {}

    private static final long TICK_SALT = 0x71CCL;
    private static final long TURN_SALT = 0x7012L;

    private final Machine machine;
    private final int cpu;
    private final ActorRef<Command> self;
    private final CpuTime time;
    private final CpuCore core;
    private final FlushDesk desk;
    private final CallRun calls;
    private final ThreadRun thread;

    static Behavior<Command> create(Machine machine, int cpu) {
        return Behaviors.setup(context -> new CpuActor(machine, cpu, context).behavior());
    }

    private CpuActor(Machine machine, int cpu, ActorContext<Command> context) {
        this.machine = machine;
        this.cpu = cpu;
        this.self = context.getSelf();
        this.time = new CpuTime(machine.world(), cpu, self);
        this.core = new CpuCore(machine, cpu);
        machine.add(core);
        var windows = new AddressWindows(cpu);
        this.desk = new FlushDesk(machine, cpu, self, core, windows);
        this.calls = new CallRun(machine, cpu, self, time, core, desk, windows);
        this.thread = new ThreadRun(machine, cpu, self, time, core, desk, calls);
    }

    private Behavior<Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            try {
                onCommand(command);
            } catch (RuntimeException | AssertionError failure) {
                machine.failed(cpu, command, failure);
                throw failure;
            }
            return Behaviors.same();
        });
    }

    private void onCommand(Command command) {
        switch (command) {
            case Signal signal -> onSignal(signal);
            case Answered(int who, long ticket) -> forDesk(() -> desk.acknowledged(who, ticket));
            case Synced(long ticket) -> forDesk(() -> desk.synced(ticket));
            case TimerDue(long timer) -> forDesk(() -> desk.timer(timer));
            case Touch touch -> onTouch(touch);
        }
    }

    private void onSignal(Signal signal) {
        switch (signal) {
            case BEGIN -> onBegin();
            case WORKED -> onWorked();
            case INTERRUPT -> time.handle(core::interrupt);
            case LOCKED -> calls.locked();
            case TICK -> onTick();
            case TOUCHED -> calls.touched();
            case WAKE -> thread.wake();
            case PREEMPT -> onPreempt();
            case RESUMED -> onResumed();
            case DRAIN -> forDesk(desk::drain);
        }
    }

    private void onBegin() {
        if (machine.policy().duties().contains(HostDuty.TICKS)) {
            long firstNanos = (long) (random(TICK_SALT).nextDouble() * machine.spec().tickNanos());
            machine.world().deliverAfter(firstNanos, self, Signal.TICK);
        }
        if (machine.spec().vcpusPerCpu() > 1) {
            beginTurns();
        }
        thread.begin();
    }

    private SplitMix random(long salt) {
        return machine.world().random(salt + ((long) cpu << 16));
    }

    /** The vCPUs of one CPU take turns; where in the first turn the run begins is drawn. */
    private void beginTurns() {
        int sharing = machine.spec().vcpusPerCpu();
        long turnNanos = machine.spec().turnNanos();
        long periodNanos = sharing * turnNanos;
        long drawn = machine.world().random(TURN_SALT + cpu / sharing).nextLong();
        long untilTurnNanos = Math.floorMod(cpu % sharing * turnNanos - Math.floorMod(drawn, periodNanos), periodNanos);
        long offNanos = periodNanos - turnNanos;
        if (untilTurnNanos <= offNanos) {
            preemptFor(untilTurnNanos);
        } else {
            machine.world().deliverAfter(untilTurnNanos - offNanos, self, Signal.PREEMPT);
        }
    }

    private void onPreempt() {
        if (!machine.isOver()) {
            preemptFor((machine.spec().vcpusPerCpu() - 1) * machine.spec().turnNanos());
        }
    }

    private void preemptFor(long nanos) {
        time.handle(() -> {
            core.preempt();
            machine.world().deliverAfter(nanos, self, Signal.RESUMED);
            return nanos;
        });
    }

    private void onResumed() {
        time.handle(core::resumed);
        machine.world().deliverAfter(machine.spec().turnNanos(), self, Signal.PREEMPT);
    }

    /** The end of a preemption is told to the handlers and to the thread at the same instant, in any order. */
    private void onWorked() {
        time.putOff(core.resumed());
        time.worked();
    }

    private void onTick() {
        if (!machine.isOver()) {
            time.handle(core::tick);
            machine.world().deliverAfter(machine.spec().tickNanos(), self, Signal.TICK);
        }
    }

    private void onTouch(Touch touch) {
        time.handle(() -> {
            long nanos = core.touch(touch.start(), touch.pages());
            machine.world().deliverAfter(nanos, touch.replyTo(), Signal.TOUCHED);
            return nanos;
        });
    }

    /** The kernel looks after the initiator's part between handlers, and then after the thread that waits for it. */
    private void forDesk(LongSupplier call) {
        time.handle(() -> {
            long nanos = call.getAsLong();
            calls.flushAdvanced();
            return nanos;
        });
    }
}
