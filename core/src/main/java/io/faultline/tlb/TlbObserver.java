package io.faultline.tlb;

/**
 * Hears which translations one TLB holds. The safety oracle listens here; without one the TLB has {@link #NONE} and
 * does not even sweep for it.
 *
 * <p>Called by the CPU that owns the TLB, inside the operation; must not call back into the TLB.
 */
public interface TlbObserver {
    /** Nobody listens. */
    TlbObserver NONE = new TlbObserver() {
        @Override
        public void filled(int asid, long address, int sizeIndex, long frame, boolean writable) {}

        @Override
        public void dropped(int asid, long address, int sizeIndex) {}
    };

    /**
     * A translation was entered. When one of the same page and size was held before, {@link #dropped} came first.
     *
     * @param asid the tag of the address space
     * @param address the first byte of the page
     * @param sizeIndex 0, 1, 2 for 4 KiB, 2 MiB, 1 GiB
     * @param frame the first 4 KiB frame of the page
     * @param writable whether the TLB lets writes through: the entry was writable and its dirty bit was known set
     */
    void filled(int asid, long address, int sizeIndex, long frame, boolean writable);

    /**
     * A translation was evicted, invalidated, flushed or replaced.
     *
     * @param asid the tag of the address space
     * @param address the first byte of the page
     * @param sizeIndex 0, 1, 2 for 4 KiB, 2 MiB, 1 GiB
     */
    void dropped(int asid, long address, int sizeIndex);

    /**
     * Joins two listeners, which are told of every drop by itself.
     *
     * @param next hears everything after this one
     * @return both, or the one that is not {@link #NONE}
     */
    default TlbObserver and(TlbObserver next) {
        if (this == NONE || next == NONE) {
            return this == NONE ? next : this;
        }
        var first = this;
        return new TlbObserver() {
            @Override
            public void filled(int asid, long address, int sizeIndex, long frame, boolean writable) {
                first.filled(asid, address, sizeIndex, frame, writable);
                next.filled(asid, address, sizeIndex, frame, writable);
            }

            @Override
            public void dropped(int asid, long address, int sizeIndex) {
                first.dropped(asid, address, sizeIndex);
                next.dropped(asid, address, sizeIndex);
            }
        };
    }

    /**
     * Every translation is being dropped.
     *
     * @return whether that was all there is to hear; false to be told of each by {@link #dropped}
     */
    default boolean allDropped() {
        return false;
    }
}
