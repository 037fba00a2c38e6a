package io.faultline.lab.series;

/** What is counted over time. */
public enum Signal {
    /** vCPUs that halted on a fault. */
    FAULTS_RAISED(0),
    /** vCPUs that went on after one. */
    FAULTS_RESOLVED(1),
    /** vCPUs that were told of an error. */
    FAULTS_FAILED(2),
    /** The latencies of the resolved ones, added up. */
    LATENCY_NANOS(3),
    /** vCPUs that had nothing to do and then had. */
    VCPUS_BEGAN(4),
    /** vCPUs that had nothing to do any more, or not yet. */
    VCPUS_IDLE(5),
    /** Pages that came in flight, being read. */
    READS_BEGUN(6),
    /** Pages that are not in flight any more. */
    READS_ENDED(7),
    /** Pages made present. */
    PAGES_INSTALLED(8),
    /** Requests handed to the flush policy. */
    FLUSH_REQUESTS(9),
    /** Interrupts sent. */
    IPIS_SENT(10);

    /** How many there are. */
    static final int COUNT = 11;

    private final int index;

    Signal(int index) {
        this.index = index;
    }

    /** Its place in arrays. */
    int index() {
        return index;
    }
}
