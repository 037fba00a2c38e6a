package io.faultline.lab.sweep;

import java.util.function.ToDoubleFunction;

import io.faultline.shootdown.ShootdownResult;

/** A figure of a run, by which policies are compared. */
public enum Metric {
    /** Interrupts sent, divided by the pages flushed. */
    IPIS_PER_PAGE("ipisPerPage", result -> result.flush().ipisPerPage()),
    /** How long a requester stood still for its flush: half of the times no longer. */
    STALL_P50("initiatorStallP50Nanos", result -> result.flush().initiatorStallNanos().p50()),
    /** The same, 99 %. */
    STALL_P99("initiatorStallP99Nanos", result -> result.flush().initiatorStallNanos().p99()),
    /** The same, 99.9 %. */
    STALL_P999("initiatorStallP999Nanos", result -> result.flush().initiatorStallNanos().p999()),
    /** From a change to the last acknowledgement: half of the changes no longer. */
    STALENESS_P50("stalenessP50Nanos", result -> result.flush().stalenessNanos().p50()),
    /** The same, 99 %. */
    STALENESS_P99("stalenessP99Nanos", result -> result.flush().stalenessNanos().p99()),
    /** The longest of them. */
    STALENESS_MAX("stalenessMaxNanos", result -> result.flush().stalenessNanos().max()),
    /** What interrupts and ticks took from a CPU, on average over the CPUs. */
    STOLEN_PER_CPU("stolenPerCpuNanos", result -> result.victims().stolenNanosPerCpu()),
    /** The same of the CPU that lost most. */
    STOLEN_MOST("stolenMostNanos", result -> result.victims().stolenNanosMost()),
    /** The longest time that a thread stood still at a stretch for others' flushes. */
    GAP_MAX("victimGapMaxNanos", result -> result.victims().gapNanos().max()),
    /** From a call's entry to its return: half of the calls no longer. */
    CALL_P50("callP50Nanos", result -> result.callNanos().p50()),
    /** The same, 99 %. */
    CALL_P99("callP99Nanos", result -> result.callNanos().p99()),
    /** Pages that the calls were about, a virtual second. */
    PAGES_PER_SECOND("pagesPerSecond", ShootdownResult::pagesPerSecond),
    /** TLBs emptied whole. */
    FULL_FLUSHES("fullFlushes", result -> result.flush().fullFlushes()),
    /** Ranges dropped page by page. */
    RANGE_FLUSHES("rangeFlushes", ShootdownResult::rangeFlushes),
    /** Live translations that flushes dropped. */
    ENTRIES_LOST("entriesLost", ShootdownResult::entriesLost),
    /** What walks of page tables took, on all CPUs. */
    REFILL("refillNanos", ShootdownResult::refillNanos),
    /** The most frames that waited for their release at once. */
    QUARANTINE_FRAMES("quarantinePeakFrames", result -> result.quarantine().framesPeak()),
    /** The most bytes of address ranges that did. */
    QUARANTINE_BYTES("quarantinePeakBytes", result -> result.quarantine().rangeBytesPeak()),
    /** Requests the policy had no room for. */
    OVERFLOWS("overflows", ShootdownResult::overflows),
    /** Of the interrupts that strict flushing would have sent, the share that was not. */
    SPARED_SHARE("sparedShare", ShootdownResult::sparedShare);

    private final String field;
    @SuppressWarnings("ImmutableEnumChecker") // each is a function without state
    private final ToDoubleFunction<ShootdownResult> reader;

    Metric(String field, ToDoubleFunction<ShootdownResult> reader) {
        this.field = field;
        this.reader = reader;
    }

    /** {@return its name in CSV and JSON, the unit last} */
    public String field() {
        return field;
    }

    /** {@return its value in a run} */
    public double of(ShootdownResult result) {
        return reader.applyAsDouble(result);
    }
}
