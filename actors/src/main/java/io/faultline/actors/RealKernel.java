package io.faultline.actors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.faultline.kernel.HostKernel;
import io.faultline.memory.FrameContents;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageTable;
import io.faultline.ring.MemslotPages;
import io.faultline.userfault.FaultSink;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.WakeSink;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine on a {@link HostKernel}: its vCPUs are threads, which that kernel halts and resumes.
 *
 * <p>
 * Threading: as {@link NativeRun} says.
 */
final class RealKernel extends KernelSide {
    private static final Logger LOG = LoggerFactory.getLogger(RealKernel.class);
    /** A shard for each of thousands of threads would take a gigabyte; so few are hardly ever waited for. */
    private static final int SHARDS = 16;
    /** Longer than any access may take that is not waiting for somebody. */
    private static final long STRANDED_NANOS = 5_000_000_000L;
    private static final Duration END = Duration.ofSeconds(30);

    private final MachineParts parts;
    private final HostKernel kernel;
    private final List<NativeRun> runs = new ArrayList<>();

    RealKernel(MachineParts parts, HostKernel kernel) {
        this.parts = parts;
        this.kernel = kernel;
        VcpuShard[] shards = new VcpuShard[Math.min(SHARDS, parts.spec().vcpus())];
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = parts.shards().add();
        }
        for (int vcpu = 0; vcpu < parts.spec().vcpus(); vcpu++) {
            runs.add(new NativeRun(parts, kernel, vcpu, shards[vcpu % shards.length]));
        }
    }

    @Override
    boolean isReal() {
        return true;
    }

    @Override
    String name() {
        return kernel.name();
    }

    @Override
    FrameContents contents(FramePool frames) {
        return kernel.contents();
    }

    @Override
    long hvaStart() {
        return kernel.hvaStart();
    }

    @Override
    MemslotPort port(MemslotPages pages, PageTable present, WakeSink woken) {
        FaultSink raised = (vcpu, address, write, nanos) -> {
            parts.shards().mine().add(VcpuShard.RAISED, 1);
            runs.get(vcpu).raised();
            parts.listener().faultRaised(nanos, vcpu, pages.pageAt(pages.indexOfHva(address)), write);
        };
        return kernel.port(pages, present, raised, woken);
    }

    @Override
    Behavior<VCpu.Command> vcpu(MachineParts parts, int index) {
        return NativeVCpu.create(parts, index, runs.get(index));
    }

    @Override
    void resume(MachineParts parts, int vcpu, VCpu.Resume resume, Outbox out) {
        runs.get(vcpu).resumed(resume);
    }

    @Override
    int stranded() {
        long nanos = parts.world().clock().nanos() - STRANDED_NANOS;
        return (int) runs.stream().filter(run -> run.isStrandedSince(nanos)).count();
    }

    @Override
    void close() {
        runs.forEach(NativeRun::stop);
        if (runs.stream().anyMatch(NativeRun::isAlive)) {
            kernel.abandon();
        }
        try {
            for (NativeRun run : runs) {
                if (!run.join(END)) {
                    throw new IllegalStateException("the thread of a vCPU did not end within " + END
                            + " though its accesses were refused; its memory stays mapped");
                }
            }
            kernel.close();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            LOG.warn("interrupted while the threads of {} vCPUs were ending; their memory stays mapped", runs.size());
        }
    }
}
