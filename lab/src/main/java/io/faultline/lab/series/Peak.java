package io.faultline.lab.series;

/** What is kept as the highest of a time. */
public enum Peak {
    /** The longest a fault took that was resolved then. */
    LATENCY_NANOS(0),
    /** The most pages in flight at once. */
    READS_IN_FLIGHT(1);

    /** How many there are. */
    static final int COUNT = 2;

    private final int index;

    Peak(int index) {
        this.index = index;
    }

    /** Its place in arrays. */
    int index() {
        return index;
    }
}
