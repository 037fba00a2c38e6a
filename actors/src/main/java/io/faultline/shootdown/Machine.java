package io.faultline.shootdown;

import java.util.ArrayList;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushStatistics;
import io.faultline.flush.PendingInterrupts;
import io.faultline.machine.FlushReport;
import io.faultline.machine.LatencyBucket;
import io.faultline.machine.Percentiles;
import io.faultline.oracle.SafetyOracle;
import io.faultline.world.Lane;
import io.faultline.world.WorldContext;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** What the CPUs share. Not thread-safe: it belongs to the loop. */
final class Machine implements AutoCloseable {
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long NOT_YET = -1;
    /** Far longer than any flush takes, the turns of 64 vCPUs on a CPU included. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final ShootdownSpec spec;
    private final WorldContext world;
    private final SafetyOracle oracle;
    private final FlushStatistics statistics = new FlushStatistics();
    private final FlushPolicy policy;
    private final FlushDomain domain;
    private final PendingInterrupts interrupts;
    private final AppMemory memory;
    private final MmLock mmLock;
    private final Lane lruLock;
    private final List<ActorRef<CpuActor.Command>> actors = new ArrayList<>();
    private final List<CpuCore> cores = new ArrayList<>();
    private final Histogram callNanos = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram gapNanos = new Histogram(SIGNIFICANT_DIGITS);
    private final Quarantine quarantine;
    private long callNanosSum;
    private long pages;
    private long lruWaitedNanos;
    private int callersLeft;
    private long endedNanos = NOT_YET;
    private long patientUntilNanos = PATIENCE_NANOS;
    private @Nullable IllegalStateException failure;

    Machine(ShootdownSpec spec, WorldContext world) {
        this.spec = spec;
        this.world = world;
        this.oracle = spec.oracle()
                ? SafetyOracle.checking(world.clock(), spec.policy().contract(), spec.seed())
                : SafetyOracle.OFF;
        this.policy = oracle.watching(statistics.measuring(spec.policy(), world.clock()));
        this.domain = new FlushDomain(spec.cpus());
        this.interrupts = new PendingInterrupts(spec.cpus());
        this.memory = new AppMemory(oracle);
        this.quarantine = new Quarantine(world.clock());
        this.mmLock = new MmLock(this);
        this.lruLock = world.lane("lru-lock");
    }

    /** Spawns the CPUs; each begins with a message of its own. */
    void spawnAll(ActorContext<?> context) {
        for (int cpu = 0; cpu < spec.cpus(); cpu++) {
            actors.add(context.spawn(CpuActor.create(this, cpu), "cpu-" + cpu, world.dispatcher()));
        }
        actors.forEach(actor -> actor.tell(CpuActor.Signal.BEGIN));
    }

    ShootdownSpec spec() {
        return spec;
    }

    WorldContext world() {
        return world;
    }

    long nanos() {
        return world.clock().nanos();
    }

    long cost(Operation operation) {
        CostProfile costs = spec.costs();
        return costs.nanos(operation);
    }

    /** Whether two CPUs are on different sockets. */
    boolean isFar(int cpu, int other) {
        return spec.costs().isFar(cpu, other);
    }

    SafetyOracle oracle() {
        return oracle;
    }

    FlushStatistics statistics() {
        return statistics;
    }

    FlushPolicy policy() {
        return policy;
    }

    FlushDomain domain() {
        return domain;
    }

    PendingInterrupts interrupts() {
        return interrupts;
    }

    AppMemory memory() {
        return memory;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    Histogram gapNanos() {
        return gapNanos;
    }

    MmLock mmLock() {
        return mmLock;
    }

    ActorRef<CpuActor.Command> actor(int cpu) {
        return actors.get(cpu);
    }

    /** CPUs come up in no particular order, but all before any thread begins. */
    void add(CpuCore core) {
        cores.add(core);
    }

    List<CpuCore> cores() {
        return cores;
    }

    /** The hardware drops what was broadcast, on every CPU and without any of them doing anything for it. */
    void dropEverywhere(FlushCommand command) {
        cores.forEach(core -> core.drop(command));
    }

    /** Nanoseconds until the LRU lock has been waited for, held and given back. */
    long lruLockNanos() {
        boolean waits = lruLock.freeAtNanos() > nanos();
        long heldNanos = cost(Operation.LRU_LOCK) + (waits ? cost(Operation.LOCK_HANDOFF) : 0);
        long nanos = lruLock.take(heldNanos);
        lruWaitedNanos += nanos - heldNanos;
        return nanos;
    }

    void callReturned(long nanos, int itsPages) {
        callNanos.recordValue(nanos);
        callNanosSum += nanos;
        pages += itsPages;
    }

    void callerBegins() {
        callersLeft++;
    }

    /** A thread whose end the run waits for is done. After the last one only what was deferred is flushed. */
    void callerEnds() {
        callersLeft--;
        if (callersLeft == 0) {
            endedNanos = nanos();
            actors.forEach(actor -> actor.tell(CpuActor.Signal.DRAIN));
        }
    }

    /** A caller goes on, for so long at least. Else those who only read would go on for ever beside callers who wait. */
    void callerGoesOn(long nanos) {
        patientUntilNanos = Math.max(patientUntilNanos, nanos() + nanos + PATIENCE_NANOS);
    }

    /** Whether all have made their calls: then nobody begins anything any more. */
    boolean isOver() {
        if (endedNanos == NOT_YET && nanos() > patientUntilNanos) {
            throw new IllegalStateException(callersLeft + " threads wait for ever: none went on for "
                    + PATIENCE_NANOS + " ns");
        }
        return endedNanos != NOT_YET;
    }

    private ShootdownResult figures(long traceHash) {
        long refills = cores.stream().mapToLong(CpuCore::refills).sum();
        return new ShootdownResult(callNanos.getTotalCount(), pages, endedNanos, Percentiles.of(callNanos),
                (double) callNanosSum / callNanos.getTotalCount(), flushReport(),
                LatencyBucket.histogram(statistics.stalenessNanos()), statistics.rangeFlushes(),
                statistics.entriesOfFullFlushes() + statistics.entriesOfRangeFlushes(), statistics.overflows(),
                statistics.sparedShare(), refills,
                refills * cost(Operation.REFILL), victims(), quarantine.report(),
                cores.stream().mapToLong(CpuCore::stolenNanos).sum(), mmLock.waitedNanos(), lruWaitedNanos,
                oracle.violations().stream().map(Object::toString).toList(), traceHash);
    }

    private VictimReport victims() {
        cores.forEach(CpuCore::closeGap);
        var stolenNanos = cores.stream().mapToLong(CpuCore::stolenNanos).summaryStatistics();
        return new VictimReport(stolenNanos.getAverage(), stolenNanos.getMax(), Percentiles.of(gapNanos),
                LatencyBucket.histogram(gapNanos));
    }

    private FlushReport flushReport() {
        return new FlushReport(policy.name(), statistics.requests(), statistics.batches(), statistics.ipis(),
                statistics.ipisPerPage(), statistics.fullFlushes(), oracle.violationCount(),
                Percentiles.of(statistics.stalenessNanos()), Percentiles.of(statistics.initiatorStallNanos()),
                Percentiles.of(statistics.victimStolenNanos()), statistics.quarantinePeakPages());
    }

    /** A CPU has thrown something, and is gone. */
    void failed(int cpu, CpuActor.Command command, Throwable cause) {
        if (failure == null) {
            failure = new IllegalStateException("CPU " + cpu + " failed at " + nanos() + " ns over " + command, cause);
        }
    }

    /**
     * Ends the run, in which nothing is left to happen.
     *
     * @return what it gave
     * @throws IllegalStateException when a CPU has failed, or a caller still waits for something
     */
    ShootdownResult end(long traceHash) {
        if (failure != null) {
            throw failure;
        }
        if (!isOver()) {
            throw new IllegalStateException(callersLeft + " threads wait for ever, " + spec);
        }
        oracle.ended();
        return figures(traceHash);
    }

    @Override
    public void close() {
        memory.close();
    }
}
