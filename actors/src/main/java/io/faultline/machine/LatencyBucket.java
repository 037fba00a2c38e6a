package io.faultline.machine;

import java.util.ArrayList;
import java.util.List;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * One bar of a latency histogram.
 *
 * @param upToNanos the bar's inclusive upper bound; its lower bound is the bar's before it, exclusive
 * @param count how many events fell into it
 */
public record LatencyBucket(long upToNanos, long count) {
    private static final int[] STEPS = {1, 2, 5};

    /**
     * Bars with bounds 1, 2, 5, 10, 20, 50 … ns, from the first one that holds an event to the last one, those between
     * included though empty. The counts add up to the histogram's.
     */
    public static List<LatencyBucket> histogram(Histogram nanos) {
        List<LatencyBucket> bars = new ArrayList<>();
        int bound = 0;
        long count = 0;
        for (HistogramIterationValue recorded : nanos.recordedValues()) {
            // HdrHistogram keeps a value as a narrow range; judging it by the range's top counts each event once.
            long value = Math.min(recorded.getValueIteratedTo(), nanos.getMaxValue());
            while (value > bound(bound)) {
                if (count > 0 || !bars.isEmpty()) {
                    bars.add(new LatencyBucket(bound(bound), count));
                }
                count = 0;
                bound++;
            }
            count += recorded.getCountAddedInThisIterationStep();
        }
        if (count > 0) {
            bars.add(new LatencyBucket(bound(bound), count));
        }
        return List.copyOf(bars);
    }

    private static long bound(int index) {
        long bound = STEPS[index % STEPS.length];
        for (int decade = index / STEPS.length; decade > 0; decade--) {
            bound = Math.multiplyExact(bound, 10L);
        }
        return bound;
    }
}
