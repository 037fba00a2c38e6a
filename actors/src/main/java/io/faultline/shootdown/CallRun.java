package io.faultline.shootdown;

import java.util.Objects;

import io.faultline.cost.Operation;
import io.faultline.flush.ChangeKind;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** One system call of a thread after the other, from touching its pages to its return. Not thread-safe: the CPU's actor owns it. */
final class CallRun {
    private final Machine machine;
    private final int cpu;
    private final ActorRef<CpuActor.Command> self;
    private final CpuTime time;
    private final CpuCore core;
    private final FlushDesk desk;
    private final AddressWindows windows;

    private ThreadStep.@Nullable Call present;
    private @Nullable Runnable afterwards;
    private long window;
    private int pagesDone;
    private int touchesLeft;
    private long enteredNanos;
    private Waiting waiting = Waiting.NO;

    private enum Waiting {
        NO, FOR_WINDOW, FOR_FLUSH
    }

    CallRun(Machine machine, int cpu, ActorRef<CpuActor.Command> self, CpuTime time, CpuCore core, FlushDesk desk,
            AddressWindows windows) {
        this.machine = machine;
        this.cpu = cpu;
        this.self = self;
        this.time = time;
        this.core = core;
        this.desk = desk;
        this.windows = windows;
    }

    /** Makes a call. */
    void begin(ThreadStep.Call step, Runnable then) {
        present = step;
        afterwards = then;
        if (!takeWindow()) {
            waiting = Waiting.FOR_WINDOW;
            time.handle(desk::wantReuse);
        }
    }

    private ThreadStep.Call step() {
        return Objects.requireNonNull(present, "in no call");
    }

    private boolean takeWindow() {
        window = windows.take(step().pages());
        if (window >= 0) {
            prepare();
        }
        return window >= 0;
    }

    /** The thread has pages to call about. They come from nowhere: how is a step of its own, or does not matter. */
    private void prepare() {
        int pages = step().pages();
        if (step().call() == MemoryCall.COPY) {
            machine.memory().dropUntouched(window, pages);
            enter();
            return;
        }
        if (windows.isUsedAgain() && step().call().kind() != ChangeKind.PROTECT) {
            machine.memory().reuse(window, pages);
        }
        machine.memory().populate(window, pages);
        long nanos = 0;
        for (int page = 0; page < pages; page++) {
            nanos += core.access(AppMemory.address(window, page), true);
        }
        time.work(nanos, this::touchByOthers);
    }

    private void touchByOthers() {
        touchesLeft = step().touchedByAll() ? machine.spec().cpus() - 1 : 0;
        if (touchesLeft == 0) {
            enter();
            return;
        }
        for (int other = 0; other < machine.spec().cpus(); other++) {
            if (other != cpu) {
                machine.actor(other).tell(new CpuActor.Touch(window, step().pages(), self));
            }
        }
    }

    /** One more thread has touched the pages. */
    void touched() {
        touchesLeft--;
        if (touchesLeft == 0) {
            time.work(0, this::enter);
        }
    }

    private void enter() {
        enteredNanos = machine.nanos();
        if (step().lruLocked()) {
            time.workUninterrupted(machine::lruLockNanos, this::lock);
        } else {
            lock();
        }
    }

    private void lock() {
        if (machine.mmLock().acquire(self, step().call().isExclusive())) {
            locked();
        }
    }

    /** The call has the mm lock. */
    void locked() {
        MemoryCall call = step().call();
        long nanos = machine.cost(call.base());
        if (call == MemoryCall.COPY && machine.domain().space(AppMemory.ASID).cpus().count() > 1) {
            nanos += machine.cost(Operation.COPY_SHARED);
        }
        if (!call.isExclusive()) {
            nanos += machine.mmLock().lineWaitNanos();
        }
        pagesDone = 0;
        time.work(nanos + nextPages() * machine.cost(call.page()), this::change);
    }

    private int nextPages() {
        return Math.min(step().pagesPerFlush(), step().pages() - pagesDone);
    }

    private void change() {
        MemoryCall call = step().call();
        int pages = nextPages();
        long start = AppMemory.address(window, pagesDone);
        pagesDone += pages;
        if (call == MemoryCall.COPY) {
            machine.memory().copyIn(start, pages);
            flushed();
            return;
        }
        desk.changeBegins();
        AppMemory.Found found = switch (call) {
            case MUNMAP, DISCARD, COPY -> machine.memory().unmap(start, pages);
            case MPROTECT -> machine.memory().protect(start, pages);
            case MOVE_IN, MOVE_OUT -> machine.memory().move(start, destination(start), pages, call.direction());
        };
        boolean last = pagesDone == step().pages();
        time.work(desk.request(call, start, pages, found, last ? window : -1), this::flushedOrWaits);
    }

    /** One range, of which each call uses the beginning. */
    private long destination(long start) {
        return windows.destination() + start - window;
    }

    private void flushedOrWaits() {
        if (desk.isComplete()) {
            flushed();
        } else {
            waiting = Waiting.FOR_FLUSH;
        }
    }

    /** Something has become of this CPU's requests. */
    void flushAdvanced() {
        if (waiting == Waiting.FOR_FLUSH && desk.isComplete()) {
            waiting = Waiting.NO;
            time.work(0, this::flushed);
        } else if (waiting == Waiting.FOR_WINDOW) {
            waiting = Waiting.NO;
            if (!takeWindow()) {
                waiting = Waiting.FOR_WINDOW;
            }
        }
    }

    private void flushed() {
        if (pagesDone < step().pages()) {
            time.work(nextPages() * machine.cost(step().call().page()), this::change);
            return;
        }
        machine.mmLock().release(step().call().isExclusive());
        if (step().call() == MemoryCall.COPY) {
            windows.giveBack(window);
        } else if (step().call().isMove()) {
            machine.memory().dropUntouched(windows.destination(), step().pages()); // To have it empty again.
        }
        if (step().lruLocked()) {
            time.workUninterrupted(machine::lruLockNanos, this::returned);
        } else {
            returned();
        }
    }

    private void returned() {
        long nanos = machine.nanos() - enteredNanos;
        machine.callReturned(nanos, step().pages());
        machine.world().trace(TraceKinds.RETURNED, cpu, nanos);
        Runnable next = afterwards;
        present = null;
        afterwards = null;
        Objects.requireNonNull(next, "returns from no call").run();
    }
}
