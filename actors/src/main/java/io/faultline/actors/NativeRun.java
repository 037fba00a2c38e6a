package io.faultline.actors;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.kernel.HostKernel;
import io.faultline.kernel.NoAccessException;
import io.faultline.memory.FrameContents;
import io.faultline.time.NanoClock;
import io.faultline.userfault.FaultKind;
import io.faultline.verify.VerificationTally;
import io.faultline.workload.AccessSequence;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a vCPU: makes the accesses of a workload, verifies what they see, and measures those that faulted, from
 * before the access to after it. Whether one has faulted it learns from the memslot, which reads the message before it wakes.
 *
 * <p>
 * Threading: {@link #raised} and {@link #resumed} are called by the memslot whose page it waits for, the rest by its actor.
 */
final class NativeRun implements Runnable {
    /** Enough for an access and its verification; a thread of the system's default takes eight times as much. */
    private static final long STACK_BYTES = 256 << 10;
    private static final String THREAD_PREFIX = "faultline-vcpu-";
    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final MachineParts parts;
    private final HostKernel kernel;
    private final FrameContents contents;
    private final NanoClock clock;
    private final int index;
    private final VcpuShard shard;
    private final VerificationTally tally = new VerificationTally();
    /** Messages of its faults that were read since its present access began. */
    private final AtomicInteger messages = new AtomicInteger();
    /** How the resolution went that its present access was woken by. */
    private volatile VCpu.@Nullable Resume resume;
    private volatile boolean stopped;
    private volatile long beganNanos = NOT_WAITING;
    private @Nullable AccessSequence accesses;
    private @Nullable Thread thread;

    /**
     * @param shard
     *            which it shares with others: it adds to it under its lock
     */
    NativeRun(MachineParts parts, HostKernel kernel, int index, VcpuShard shard) {
        this.parts = parts;
        this.kernel = kernel;
        this.contents = kernel.contents();
        this.clock = parts.world().clock();
        this.index = index;
        this.shard = shard;
    }

    /** Begins a workload. */
    void start(AccessSequence sequence) {
        Thread before = thread;
        if (before != null && before.isAlive()) {
            throw new IllegalStateException("vCPU " + index + " runs a workload already");
        }
        accesses = sequence;
        Thread fresh = Thread.ofPlatform().daemon().name(THREAD_PREFIX + index).stackSize(STACK_BYTES).unstarted(this);
        fresh.start();
        thread = fresh;
    }

    /** Begins no further access. */
    void stop() {
        stopped = true;
    }

    boolean isAlive() {
        Thread started = thread;
        return started != null && started.isAlive();
    }

    /** Waits for the thread's end; false when it has not come within that time. */
    boolean join(Duration most) throws InterruptedException {
        Thread started = thread;
        return started == null || started.join(most);
    }

    /** A message of a fault of its was read. */
    void raised() {
        messages.incrementAndGet();
    }

    /** The page it waits for is there, or will never be; the kernel lets it go on afterwards. */
    void resumed(VCpu.Resume how) {
        resume = how;
    }

    /** Whether it has waited in an access since before then without anybody having been told. */
    boolean isStrandedSince(long nanos) {
        long began = beganNanos;
        return began != NOT_WAITING && began < nanos && messages.get() == 0;
    }

    @Override
    public void run() {
        AccessSequence sequence = accesses;
        if (sequence == null) {
            throw new IllegalStateException("vCPU " + index + " was started without a workload");
        }
        try {
            kernel.enter(index);
            try {
                while (!stopped && sequence.next()) {
                    access(sequence.page(), sequence.write());
                }
            } finally {
                kernel.leave();
                synchronized (shard) {
                    shard.tally().add(tally);
                }
            }
            parts.machine().tell(new VirtualMachine.VCpuFinished(index));
        } catch (RuntimeException | Error failure) { // an assertion too, which nobody else would hear of
            parts.machine().tell(new VirtualMachine.VCpuFailed(index, failure));
        }
    }

    private void access(long page, boolean write) {
        long began = clock.nanos();
        beganNanos = began;
        boolean failed = false;
        try {
            if (write) {
                parts.verifier().write(page, page);
            } else {
                var _ = contents.word(page);
            }
        } catch (NoAccessException _) {
            failed = true;
        }
        beganNanos = NOT_WAITING;
        int faults = messages.get() == 0 ? 0 : messages.getAndSet(0);
        if (faults > 0 || failed) {
            ended(page, began, faults, failed);
        }
        if (!failed && !write && parts.spec().verify()) {
            parts.verifier().read(page, page, faults > 0, tally);
        }
        synchronized (shard) {
            shard.add(VcpuShard.ACCESSES, 1);
            if (write) {
                shard.add(VcpuShard.WRITES, 1);
            }
        }
    }

    private void ended(long page, long began, int faults, boolean failed) {
        long now = clock.nanos();
        VCpu.Resume how = resume;
        resume = null;
        synchronized (shard) {
            shard.add(VcpuShard.RESOLVED, faults);
            if (failed) { // woken, it tried once more and was refused: a fault that nobody is told of
                shard.add(VcpuShard.RAISED, 1);
            }
            if (faults > 0) {
                shard.times().record(index, page, began, how == null ? unknown(page, began) : how, now);
            }
        }
        if (failed) {
            parts.counters().failed.increment();
        }
        parts.listener().faultResolved(now, index, page, failed);
    }

    /** Woken by the successor of a memslot that died. */
    private VCpu.Resume unknown(long page, long began) {
        return new VCpu.Resume(parts.layout().memslotOf(page), FaultKind.MISSING, false, began, began, began, began);
    }
}
