package io.faultline.bench.peer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.verify.VerificationTally;
import io.faultline.workload.AccessSequence;

/** The same job with a virtual thread for each vCPU, which blocks while it is halted, and one for each fetch. */
public final class VirtualThreadPeer implements Contender {
    private final JobShape shape;

    public VirtualThreadPeer(JobShape shape) {
        this.shape = shape;
    }

    @Override
    public Work runOnce() throws InterruptedException {
        SharedWalk walk = new SharedWalk(shape.sharing());
        try (PeerMemory memory = new PeerMemory(shape);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PendingPages pending = new PendingPages(memory, threads);
            VcpusRunning running = new VcpusRunning(shape);
            for (int vcpu = 0; vcpu < shape.vcpus(); vcpu++) {
                AccessSequence accesses = walk.sequence(shape.workloadShape(), vcpu);
                threads.execute(() -> run(accesses, memory, pending, running));
            }
            return running.await();
        }
    }

    private static void run(AccessSequence accesses, PeerMemory memory, PendingPages pending, VcpusRunning running) {
        VerificationTally tally = new VerificationTally();
        HaltedTime halted = new HaltedTime();
        try {
            while (accesses.next()) {
                long page = accesses.page();
                CompletableFuture<Void> arrival = memory.isPresent(page) ? null : pending.arrivalOf(page);
                if (arrival != null) {
                    halted.halt();
                    arrival.join();
                    halted.resume();
                }
                memory.read(page, tally);
            }
            running.finished(halted, tally);
        } catch (RuntimeException | Error broken) {
            running.failed(broken);
        }
    }
}
