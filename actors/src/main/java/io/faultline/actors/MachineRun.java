package io.faultline.actors;

import io.faultline.machine.Report;
import io.faultline.ring.FaultCounters;
import io.faultline.workload.WorkloadShape;
import io.faultline.world.internal.WallClockReads;
import org.apache.pekko.pattern.StatusReply;

/** One workload on its way through a machine: who has finished, and whether anything still moves. */
final class MachineRun {
    /** Longer than any read may take, however often it is tried, and than any pause of a collector. */
    private static final long STUCK_NANOS_AT_LEAST = 10_000_000_000L;
    private static final int STUCK_FETCH_TIMEOUTS = 4;
    private static final long RUNNING = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final MachineParts parts;
    private final VirtualMachine.Run request;
    private final WorkloadShape shape;
    private final long beganNanos;
    private long overNanos = RUNNING;
    private int finishedVcpus;
    private long lastProgress = -1;
    private long lastProgressNanos;
    private boolean stopping;

    MachineRun(MachineParts parts, VirtualMachine.Run request) {
        this.parts = parts;
        this.request = request;
        this.shape = WorkloadShape.of(request.workload(), parts.spec().vcpus(), parts.spec().pages(),
                parts.spec().seed());
        this.beganNanos = parts.world().clock().nanos();
        this.lastProgressNanos = beganNanos;
    }

    /** Its last access was made, or never will be; what is left to do is not counted as its time. */
    void over() {
        overNanos = parts.world().clock().nanos();
        lastProgressNanos = overNanos;
    }

    boolean isOver() {
        return overNanos != RUNNING;
    }

    /** How long it has taken until now, or until it was over. */
    long elapsedNanos() {
        return (isOver() ? overNanos : parts.world().clock().nanos()) - beganNanos;
    }

    long plannedAccesses() {
        return shape.accesses();
    }

    /** Starts every vCPU, or none: the workload is asked for all its sequences first, for it may refuse. */
    void start() {
        VCpu.Start[] starts = new VCpu.Start[parts.spec().vcpus()];
        for (int vcpu = 0; vcpu < starts.length; vcpu++) {
            starts[vcpu] = new VCpu.Start(request.workload().sequence(shape, vcpu));
        }
        if (parts.world().isVirtual()) {
            WallClockReads.refuse("workload " + request.workload().name(), starts[0].accesses());
        }
        for (int vcpu = 0; vcpu < starts.length; vcpu++) {
            parts.vcpus().get(vcpu).tell(starts[vcpu]);
        }
    }

    /** One more vCPU has finished; true when it was the last. */
    boolean vcpuFinished() {
        finishedVcpus++;
        assert finishedVcpus <= parts.spec().vcpus() : finishedVcpus + " of " + parts.spec().vcpus() + " finished";
        return finishedVcpus == parts.spec().vcpus();
    }

    /** Whether every vCPU has finished or is halted on a fault that its memslot has taken in. */
    boolean noneCanRun() {
        FaultCounters counters = parts.counters();
        long halted =
                parts.shards().sum(VcpuShard.RAISED) - parts.shards().sum(VcpuShard.RESOLVED) - counters.failed.sum();
        return halted + finishedVcpus >= parts.spec().vcpus() && counters.outstanding() >= halted;
    }

    void tellProgress() {
        FaultCounters counters = parts.counters();
        request.progress()
                .advanced(parts.shards().sum(VcpuShard.ACCESSES), plannedAccesses(),
                        parts.shards().sum(VcpuShard.RESOLVED),
                        Math.max(0, counters.outstanding()));
        if (request.progress().stopRequested()) {
            timeIsUp();
        }
    }

    /** The run is to end: vCPUs begin no further access. */
    void timeIsUp() {
        if (!stopping) {
            stop();
        }
    }

    /** After how long it is to end, 0 for never. */
    long runForNanos() {
        return request.progress().runForNanos();
    }

    private void stop() {
        stopping = true;
        for (int vcpu = 0; vcpu < parts.spec().vcpus(); vcpu++) {
            parts.vcpus().get(vcpu).tell(VCpu.Stop.INSTANCE);
        }
    }

    /** Whether nothing has moved for so long that nothing will. */
    boolean isStuck() {
        FaultCounters counters = parts.counters();
        long progress = parts.shards().sum(VcpuShard.ACCESSES) + parts.shards().sum(VcpuShard.RAISED)
                + parts.shards().sum(VcpuShard.RESOLVED)
                + counters.failed.sum() + counters.reads.sum() + counters.readErrors.sum() + counters.retried.sum();
        long now = parts.world().clock().nanos();
        if (progress != lastProgress) {
            lastProgress = progress;
            lastProgressNanos = now;
        }
        return now - lastProgressNanos > stuckNanos();
    }

    long stuckMillis() {
        return stuckNanos() / NANOS_PER_MILLI;
    }

    private long stuckNanos() {
        long timeouts = Math.max(parts.spec().fetchTimeoutNanos(), parts.spec().sourceTiming().latencyNanos());
        long longestBackOff = parts.spec().backOffNanos(parts.spec().fetchAttempts());
        return Math.max(STUCK_NANOS_AT_LEAST, STUCK_FETCH_TIMEOUTS * Math.max(timeouts, longestBackOff));
    }

    void end(Report report) {
        request.replyTo().tell(StatusReply.success(report));
    }

    /** Ends with an error; the vCPUs that are left would go on working for nobody. */
    void fail(RuntimeException failure) {
        stop();
        request.replyTo().tell(StatusReply.error(failure));
    }
}
