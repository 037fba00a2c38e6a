package io.faultline.chaos;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each kind of failure was made. Thread-safe: everybody counts, anybody reads. */
public final class ChaosCounts {
    private final LongAdder[] counts = new LongAdder[ChaosKind.values().length];

    /** Starts at nothing. */
    public ChaosCounts() {
        for (ChaosKind kind : ChaosKind.values()) {
            counts[kind.index()] = new LongAdder();
        }
    }

    /** One more failure of a kind was made. */
    public void count(ChaosKind kind) {
        counts[kind.index()].increment();
    }

    /** Returns how often each kind was made that was made at all, by {@link ChaosKind#text}, in the kinds' order. */
    public Map<String, Long> sums() {
        var sums = new LinkedHashMap<String, Long>();
        for (ChaosKind kind : ChaosKind.values()) {
            long sum = counts[kind.index()].sum();
            if (sum > 0) {
                sums.put(kind.text(), sum);
            }
        }
        return Collections.unmodifiableMap(sums);
    }
}
