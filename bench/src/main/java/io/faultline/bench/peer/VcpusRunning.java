package io.faultline.bench.peer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import io.faultline.bench.measure.Work;
import io.faultline.time.NanoClock;
import io.faultline.verify.VerificationTally;
import org.jspecify.annotations.Nullable;

/** Waits for the hand-written peers' vCPUs, and adds up what they did. Thread-safe. */
final class VcpusRunning {
    private static final NanoClock CLOCK = NanoClock.monotonic();

    private final JobShape shape;
    private final CountDownLatch running;
    private final LongAdder faults = new LongAdder();
    private final LongAdder haltedNanos = new LongAdder();
    private final VerificationTally verified = new VerificationTally();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final long beganNanos = CLOCK.nanos();

    VcpusRunning(JobShape shape) {
        this.shape = shape;
        this.running = new CountDownLatch(shape.vcpus());
    }

    void finished(HaltedTime halted, VerificationTally tally) {
        faults.add(halted.faults());
        haltedNanos.add(halted.nanos());
        synchronized (verified) {
            verified.add(tally);
        }
        running.countDown();
    }

    /** A vCPU broke: nobody has to wait for the others. */
    void failed(Throwable cause) {
        failure.compareAndSet(null, cause);
        while (running.getCount() > 0) {
            running.countDown();
        }
    }

    Work await() throws InterruptedException {
        running.await();
        long nanos = CLOCK.nanos() - beganNanos;
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a vCPU broke: " + cause, cause);
        }
        synchronized (verified) {
            if (verified.verified() != shape.accesses()) {
                throw new IllegalStateException(verified.verified() + " of " + shape.accesses() + " reads were right, "
                        + verified.corrupt() + " wrong: " + verified.corruptions());
            }
        }
        return new Work(shape.accesses(), faults.sum(), haltedNanos.sum(), nanos);
    }
}
