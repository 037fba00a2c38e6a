package io.faultline.shootdown;

import java.util.List;

import io.faultline.machine.LatencyBucket;
import io.faultline.machine.Percentiles;

/**
 * What flushes took from the CPUs that had not asked for them.
 *
 * @param stolenNanosPerCpu by interrupts and ticks, on average over the CPUs
 * @param stolenNanosMost the same of the CPU that lost most
 * @param gapNanos how long a thread stood still for it at a stretch: what is served back to back is one gap
 * @param gaps how these were spread
 */
public record VictimReport(double stolenNanosPerCpu, long stolenNanosMost, Percentiles gapNanos,
        List<LatencyBucket> gaps) {}
