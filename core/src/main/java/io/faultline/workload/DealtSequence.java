package io.faultline.workload;

import io.faultline.time.SplitMix;

/**
 * The part of an access sequence that is the same for every pattern: the accesses dealt to the vCPU are counted down,
 * and whether an access writes is drawn from the seed, the vCPU and the access's number. So the same accesses write
 * under every pattern, and the pages do not depend on the write ratio.
 */
public abstract class DealtSequence implements AccessSequence {
    private static final long WRITE_SALT = 0x7772697465L;
    private static final long PAGE_SALT = 0x70616765L;
    private static final int FRACTION_BITS = 53;

    private final long writeKey;
    private final long writeThreshold;
    private long remaining;
    private long page;
    private boolean write;

    /**
     * Deals a vCPU its accesses.
     *
     * @param shape the whole run's numbers
     * @param vcpu its index
     */
    protected DealtSequence(WorkloadShape shape, int vcpu) {
        remaining = shape.accessesOf(vcpu);
        writeKey = new SplitMix(shape.seed()).split(WRITE_SALT).split(vcpu).nextLong();
        writeThreshold = (long) Math.scalb(shape.writeRatio(), FRACTION_BITS);
    }

    /**
     * A generator for drawing pages, independent of the one that draws writes.
     *
     * @param shape the whole run's numbers
     * @param vcpu its index
     * @return a new one, which depends on the seed and the vCPU only
     */
    protected static SplitMix pageRandom(WorkloadShape shape, int vcpu) {
        return new SplitMix(shape.seed()).split(PAGE_SALT).split(vcpu);
    }

    /** Returns the page of the next access; called once for each. */
    protected abstract long nextPage();

    @Override
    public final boolean next() {
        if (remaining == 0) {
            return false;
        }
        write = SplitMix.mix(writeKey + remaining) >>> (Long.SIZE - FRACTION_BITS) < writeThreshold;
        remaining--;
        page = nextPage();
        return true;
    }

    @Override
    public final long page() {
        return page;
    }

    @Override
    public final boolean write() {
        return write;
    }

    @Override
    public final long remaining() {
        return remaining;
    }
}
