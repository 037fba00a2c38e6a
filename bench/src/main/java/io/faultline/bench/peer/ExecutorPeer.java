package io.faultline.bench.peer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.verify.VerificationTally;
import io.faultline.workload.AccessSequence;
import org.jspecify.annotations.Nullable;

/**
 * The same job on a pool of threads: vCPUs are tasks that end when they halt and are submitted again when their page has
 * come; each fetch is a task. As many threads as there are cores, since none of them blocks.
 */
public final class ExecutorPeer implements Contender {
    /** Which pool. */
    public enum Pool {
        /** First in, first out, as is right for tasks that nobody joins (and as Pekko sets its own). */
        FORK_JOIN,
        /** Last in, first out, the default: each thread runs one vCPU to its end before the next. */
        FORK_JOIN_LIFO,
        /** One queue for all threads. */
        FIXED;

        private ExecutorService create() {
            int cores = Runtime.getRuntime().availableProcessors();
            return switch (this) {
                case FORK_JOIN -> new ForkJoinPool(cores, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
                case FORK_JOIN_LIFO -> new ForkJoinPool(cores);
                case FIXED -> Executors.newFixedThreadPool(cores);
            };
        }
    }

    private final JobShape shape;
    private final Pool pool;

    public ExecutorPeer(JobShape shape, Pool pool) {
        this.shape = shape;
        this.pool = pool;
    }

    @Override
    public Work runOnce() throws InterruptedException {
        SharedWalk walk = new SharedWalk(shape.sharing());
        try (PeerMemory memory = new PeerMemory(shape); ExecutorService executor = pool.create()) {
            PendingPages pending = new PendingPages(memory, executor);
            VcpusRunning running = new VcpusRunning(shape);
            // From within the pool: a fork-join pool takes what comes from outside only when it has nothing else to do,
            // and would run one vCPU after the other.
            executor.execute(() -> {
                for (int vcpu = 0; vcpu < shape.vcpus(); vcpu++) {
                    executor.execute(
                            new Vcpu(walk.sequence(shape.workloadShape(), vcpu), memory, pending, executor, running));
                }
            });
            return running.await();
        }
    }

    private static final class Vcpu implements Runnable {
        private final AccessSequence accesses;
        private final PeerMemory memory;
        private final PendingPages pending;
        private final ExecutorService executor;
        private final VcpusRunning running;
        private final VerificationTally tally = new VerificationTally();
        private final HaltedTime haltedTime = new HaltedTime();
        private boolean halted;

        Vcpu(AccessSequence accesses, PeerMemory memory, PendingPages pending, ExecutorService executor,
                VcpusRunning running) {
            this.accesses = accesses;
            this.memory = memory;
            this.pending = pending;
            this.executor = executor;
            this.running = running;
        }

        @Override
        public void run() {
            try {
                if (halted) {
                    haltedTime.resume();
                }
                while (halted || accesses.next()) {
                    halted = false;
                    CompletableFuture<Void> arrival = arrivalIfAbsent(accesses.page());
                    if (arrival != null) {
                        halted = true;
                        haltedTime.halt();
                        wakeAfter(arrival);
                        return;
                    }
                    memory.read(accesses.page(), tally);
                }
                running.finished(haltedTime, tally);
            } catch (RuntimeException | Error broken) {
                running.failed(broken);
            }
        }

        private @Nullable CompletableFuture<Void> arrivalIfAbsent(long page) {
            return memory.isPresent(page) ? null : pending.arrivalOf(page);
        }

        /** Nothing of this vCPU may be touched after: another thread may have it already. */
        private void wakeAfter(CompletableFuture<Void> arrival) {
            var _ = arrival.whenCompleteAsync((_, failure) -> {
                if (failure == null) {
                    run();
                } else {
                    running.failed(failure);
                }
            }, executor);
        }
    }
}
