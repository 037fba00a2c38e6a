package io.faultline.linux.memory;

/** What stands behind a {@link NativeRegion}. */
public enum RegionBacking {
    /** Private anonymous memory: MISSING and WRITE_PROTECT faults, MOVE. */
    ANONYMOUS,
    /** A memfd mapped shared: MINOR faults too, and alias mappings. */
    SHARED,
    /** A memfd of huge pages mapped shared; needs pages in the kernel's pool (vm.nr_hugepages). */
    HUGE
}
