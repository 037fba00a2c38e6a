package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.FlushStatistics;
import io.faultline.machine.AccessReport;
import io.faultline.machine.FaultReport;
import io.faultline.machine.FlushReport;
import io.faultline.machine.IoReport;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.PageReport;
import io.faultline.machine.Percentiles;
import io.faultline.machine.QueueReport;
import io.faultline.machine.Report;
import io.faultline.oracle.Violation;
import io.faultline.ring.FaultCounters;
import io.faultline.verify.Corruption;
import io.faultline.verify.VerificationTally;

/** Makes the report of a machine from what its actors have counted. */
final class ReportBuilder {
    private final MachineParts parts;
    private final MachineSpec spec;
    private final FaultCounters counters;

    ReportBuilder(MachineParts parts) {
        this.parts = parts;
        this.spec = parts.spec();
        this.counters = parts.counters();
    }

    /**
     * Reports what was done until now. What depends on the clock on the wall, and the trace hash, the world fills in.
     *
     * @param plannedAccesses
     *            of the workload
     * @param elapsed
     *            since it began, nanoseconds on the world's clock
     */
    Report build(long plannedAccesses, long elapsed) {
        VerificationTally tally = parts.shards().tally();
        boolean virtual = parts.world().isVirtual();
        return new Report(worldName(), spec.seed(), spec.vcpus(), spec.memslots(),
                spec.memory().bytes(), virtual ? 0 : elapsed, virtual ? elapsed : 0, null,
                new AccessReport(plannedAccesses, parts.shards().sum(VcpuShard.ACCESSES),
                        parts.shards().sum(VcpuShard.WRITES),
                        parts.shards().sum(VcpuShard.TLB_HITS), parts.shards().sum(VcpuShard.TLB_MISSES),
                        parts.gauges().sliceOverrunNanos.peak()),
                faults(elapsed), new PageReport(counters.installed.sum(), counters.evicted.sum(),
                        counters.saveErrors.sum(), tally.verified(), tally.corrupt()),
                new IoReport(counters.reads.sum(), counters.readBytes.sum(), counters.readErrors.sum(),
                        counters.inFlightPeak(), spec.inFlight()),
                flush(), queues(), parts.chaosCounts().sums(), violations(tally), 0);
    }

    private String worldName() {
        return parts.world().isVirtual() ? "virtual" : parts.kernel().name();
    }

    private FaultReport faults(long elapsedNanos) {
        FaultTimes.Snapshot times = parts.shards().times();
        long raised = parts.shards().sum(VcpuShard.RAISED) + parts.kernel().stranded();
        long resolved = parts.shards().sum(VcpuShard.RESOLVED);
        long failed = counters.failed.sum();
        return new FaultReport(raised, resolved, failed, raised - resolved - failed, counters.coalesced.sum(),
                counters.spurious.sum(), counters.retried.sum(), counters.poisoned.sum(), counters.missing.sum(),
                counters.minor.sum(), counters.writeProtect.sum(), counters.outstandingPeak(),
                Report.perSecond(resolved, elapsedNanos), times.latencyNanos(), times.histogram(), times.stageNanos(),
                times.slowest());
    }

    private FlushReport flush() {
        FlushStatistics statistics = parts.flushStatistics();
        return new FlushReport(spec.flushPolicy().name(), statistics.requests(), statistics.batches(),
                statistics.ipis(), statistics.ipisPerPage(), statistics.fullFlushes(),
                parts.oracle().violationCount(), Percentiles.of(statistics.stalenessNanos()),
                Percentiles.of(statistics.initiatorStallNanos()), Percentiles.of(statistics.victimStolenNanos()),
                statistics.quarantinePeakPages());
    }

    private List<QueueReport> queues() {
        // A page is on its way once however many want it. Prefetched ones outlive the fault they came with.
        long memslotLimit = parts.layout().pagesOf(0);
        if (spec.resolutionPolicy().prefetchPages() == 0) {
            memslotLimit = Math.min(memslotLimit, spec.vcpus());
        }
        MachineGauges gauges = parts.gauges();
        return List.of(new QueueReport("memslot", gauges.memslots.peak(), memslotLimit),
                new QueueReport("handler", gauges.handlers.peak(), spec.pages()),
                new QueueReport("fetcher", gauges.fetchers.peak(), (long) parts.creditPages() * spec.handlers()),
                new QueueReport("shootdown", gauges.shootdown.peak(), FlushStream.QUEUE_REQUESTS));
    }

    private List<String> violations(VerificationTally tally) {
        List<String> texts = new ArrayList<>();
        for (Violation violation : parts.oracle().violations()) {
            texts.add("seed " + spec.seed() + ": " + violation);
        }
        for (Corruption corruption : tally.corruptions()) {
            texts.add("seed " + spec.seed() + ": " + corruption);
        }
        return texts;
    }
}
