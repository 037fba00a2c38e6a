package io.faultline.lab.sweep;

/** What one may want of a policy. */
public enum Goal {
    /** Interrupt nobody. */
    FEWEST_IPIS("fewest IPIs a page", Metric.IPIS_PER_PAGE, false),
    /** Let requesters go on. */
    SHORTEST_STALL("shortest stall, p99", Metric.STALL_P99, false),
    /** Keep translations true. */
    FRESHEST("freshest at worst", Metric.STALENESS_MAX, false),
    /** Take little from those who asked for nothing. */
    LEAST_STOLEN("least stolen from a CPU", Metric.STOLEN_PER_CPU, false),
    /** Interrupt them only briefly. */
    SHORTEST_GAP("shortest gap of a victim", Metric.GAP_MAX, false),
    /** Hold back little memory. */
    LEAST_QUARANTINE("least quarantine", Metric.QUARANTINE_BYTES, false),
    /** Get most done. */
    MOST_PAGES("most pages a second", Metric.PAGES_PER_SECOND, true);

    private final String words;
    private final Metric metric;
    private final boolean more;

    Goal(String words, Metric metric, boolean more) {
        this.words = words;
        this.metric = metric;
        this.more = more;
    }

    /** {@return what it is, in a few words} */
    public String words() {
        return words;
    }

    /** {@return by what it is judged} */
    public Metric metric() {
        return metric;
    }

    /** {@return whether the first of two estimates has the better mean} */
    boolean isBetter(Estimate one, Estimate other) {
        return more ? one.mean() > other.mean() : one.mean() < other.mean();
    }
}
