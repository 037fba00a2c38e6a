package io.faultline.workload;

import java.util.Objects;

import io.faultline.registry.InvalidInputException;

/**
 * The numbers of a run that a workload needs, and how accesses and pages are dealt to the vCPUs: evenly, before the
 * run. Where they do not divide, the first vCPUs get one more.
 *
 * <p>Dealt so, a walk of every vCPU over its own pages meets every page when there are at least as many accesses as
 * pages. With more vCPUs than pages, a vCPU beyond the last page gets one page that others have too: its index modulo
 * the number of pages.
 *
 * @param vcpus how many vCPUs, at least 1
 * @param pages how many pages the memory has, at least 1
 * @param accesses of all vCPUs together, at least 0
 * @param writeRatio how many of them write, from 0 to 1
 * @param seed of everything drawn
 */
public record WorkloadShape(int vcpus, long pages, long accesses, double writeRatio, long seed) {
    /** How many accesses per page there are when nobody says: one would find each page missing and never again. */
    public static final long DEFAULT_ACCESSES_PER_PAGE = 4;
    /** How many accesses write when nobody says. */
    public static final double DEFAULT_WRITE_RATIO = 0.3;

    public WorkloadShape {
        if (vcpus < 1) {
            throw new InvalidInputException("the number of vCPUs must be at least 1, not " + vcpus);
        }
        if (pages < 1) {
            throw new InvalidInputException("the number of pages must be at least 1, not " + pages);
        }
        checkAccesses(accesses);
        checkWriteRatio(writeRatio);
    }

    static void checkAccesses(long accesses) {
        if (accesses < 0) {
            throw new InvalidInputException("the number of accesses must be at least 0, not " + accesses);
        }
    }

    static void checkWriteRatio(double writeRatio) {
        if (!(writeRatio >= 0 && writeRatio <= 1)) {
            throw new InvalidInputException("the write ratio must be from 0 to 1, not " + writeRatio);
        }
    }

    /**
     * The shape of a run of a workload, with the defaults for what the workload leaves open.
     *
     * @param workload says how many accesses and writes, or not
     * @param vcpus how many vCPUs
     * @param pages how many pages the memory has
     * @param seed of everything drawn
     * @return the shape
     * @throws InvalidInputException when a number is out of its range, or the workload cannot work with them
     */
    public static WorkloadShape of(Workload workload, int vcpus, long pages, long seed) {
        long accesses = workload.accesses().orElseGet(() -> workload.defaultAccesses(vcpus, pages));
        var shape = new WorkloadShape(vcpus, pages, accesses, workload.writeRatio().orElse(DEFAULT_WRITE_RATIO), seed);
        workload.check(shape);
        return shape;
    }

    /**
     * Returns how many of the accesses are one vCPU's.
     *
     * @param vcpu its index
     */
    public long accessesOf(int vcpu) {
        return countOf(accesses, vcpu);
    }

    /**
     * Returns the first page of a vCPU's own contiguous share.
     *
     * @param vcpu its index
     */
    public long firstPageOf(int vcpu) {
        if (vcpus > pages) {
            return Objects.checkIndex(vcpu, vcpus) % pages;
        }
        return vcpu * (pages / vcpus) + Math.min(vcpu, pages % vcpus);
    }

    /**
     * Returns how many pages a vCPU's own contiguous share has, at least 1.
     *
     * @param vcpu its index
     */
    public long pagesOf(int vcpu) {
        return vcpus > pages ? 1 : countOf(pages, vcpu);
    }

    private long countOf(long total, int vcpu) {
        Objects.checkIndex(vcpu, vcpus);
        return total / vcpus + (vcpu < total % vcpus ? 1 : 0);
    }
}
