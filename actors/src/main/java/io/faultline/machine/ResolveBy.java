package io.faultline.machine;

import io.faultline.ring.Resolution;

/** How fetched pages are made present. */
public enum ResolveBy {
    /** Copied from the fetcher's buffer ({@code UFFDIO_COPY}): any kind of memory, and nothing to flush. */
    COPY(Resolution.COPY),
    /**
     * Moved from the fetcher's staging range ({@code UFFDIO_MOVE}), which has to be flushed before it is received into
     * again; what is evicted is moved out first. For private anonymous memory in pages of 4 KiB or 2 MiB.
     */
    MOVE(Resolution.MOVE);

    private final Resolution resolution;

    ResolveBy(Resolution resolution) {
        this.resolution = resolution;
    }

    /** {@return the resolution of a page that was fetched} */
    public Resolution resolution() {
        return resolution;
    }
}
