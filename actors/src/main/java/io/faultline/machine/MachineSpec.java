package io.faultline.machine;

import io.faultline.chaos.ChaosSpec;
import io.faultline.cost.CostProfile;
import io.faultline.flush.FlushPolicy;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.source.PageSource;
import io.faultline.source.SourceShape;
import io.faultline.source.SourceSpec;
import io.faultline.source.SourceTiming;
import io.faultline.source.StoreSpec;
import io.faultline.units.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * A machine to build: immutable, and valid once it exists. Made by {@link #builder()}, whose defaults are given here.
 * The same spec may be run any number of times.
 *
 * @param vcpus how many vCPUs; 4096
 * @param cpus how many CPUs, at most one for each vCPU; as many as vCPUs. With fewer, vCPUs take turns
 * @param memory guest-physical memory, a multiple of the page size; 1 GiB
 * @param memslots how many memslots share it, see {@link #layout()}; 64, or one for each page if there are fewer
 * @param pageSize in which memory is faulted, fetched and mapped; 4 KiB
 * @param handlers fault handlers; 2
 * @param fetchers page fetchers, at most {@code inFlight}; 2, or 1 when only one page may be in flight
 * @param inFlight the most pages in flight at once, over all fetchers; 256
 * @param source where contents come from, opened by each run for itself; synthetic, from the seed
 * @param sourceTiming what the source's reads cost and how they go wrong; nothing, and never
 * @param contents whether pages hold bytes or tokens; bytes
 * @param backing the memory object behind the memslots; anonymous at 4 KiB (shared memory when faults are to be minor),
 *        huge pages above
 * @param tlbEntries capacity of each vCPU's TLB; 64, the first-level data TLB of x86 cores of today
 * @param flushPolicy when TLB flushes are sent, and to whom; strict
 * @param resolutionPolicy how handlers resolve faults; fetch and copy what is missing
 * @param resolveBy how fetched pages are made present; by COPY
 * @param fetchTimeoutNanos after which an unanswered fetch counts as failed; 1 s
 * @param fetchAttempts how often a page is fetched before it is poisoned; 4
 * @param fetchBackoffNanos the wait before the second attempt, doubled before each further one; 1 ms
 * @param verify whether every read is checked against what it must see; true
 * @param oracle how closely the safety oracle watches; as is usual in the world, fully in virtual time and a sample on
 *        threads
 * @param writeProtectInstalls whether pages are installed write-protected, so that the first write to each goes the
 *        ring as a WRITE_PROTECT fault; false
 * @param minorFaults whether the page cache is filled through an alias mapping before the run, so that every fault is
 *        MINOR and answered by CONTINUE; false
 * @param evictAbovePercent how much of each memslot's memory may stay resident; above it pages are evicted; 100, never
 * @param store where evicted pages go; a sparse temporary file
 * @param chaos what fails on purpose, and how often; nothing
 * @param holdUntilFaults how many vCPUs have to be halted on faults, or none able to run, before the first page is
 *        fetched; 0, not to wait
 * @param costs what operations cost in the world virtual, ignored elsewhere; nothing
 * @param arrivalsPerSecond how often an access of the workload is due on each vCPU, at the times of a Poisson process, in
 *        the world virtual; 0 for always, one after the other
 * @param listener who hears of what each machine made of this spec does; nobody
 * @param seed what everything random comes from; 1
 */
public record MachineSpec(int vcpus, int cpus, MemorySize memory, int memslots, PageSize pageSize, int handlers,
        int fetchers,
        int inFlight, SourceSpec source, SourceTiming sourceTiming, PageContents contents, Backing backing,
        int tlbEntries, FlushPolicy flushPolicy, ResolutionPolicy resolutionPolicy, ResolveBy resolveBy,
        long fetchTimeoutNanos,
        int fetchAttempts, long fetchBackoffNanos,
        boolean verify, OracleLevel oracle, boolean writeProtectInstalls, boolean minorFaults, int evictAbovePercent,
        StoreSpec store, ChaosSpec chaos, long holdUntilFaults, CostProfile costs, double arrivalsPerSecond,
        MachineListener listener,
        long seed) {

    /** What the lower half of a 48-bit address space holds. */
    private static final long MEMORY_LIMIT_BYTES = 1L << 47;
    private static final double MOST_ARRIVALS_PER_SECOND = 1e9;
    private static final int MOST_DOUBLINGS = 10;
    private static final long LONGEST_BACK_OFF_NANOS = 3_600_000_000_000L;
    private static final int TLB_ENTRIES_LIMIT = 1 << 24;
    private static final int VCPUS_PER_CPU_LIMIT = 1 << 17;

    /**
     * Checks everything.
     *
     * @throws InvalidInputException naming the first value that is wrong, and what would be right
     */
    public MachineSpec {
        atLeastOne("vcpus", vcpus);
        checkCpus(cpus, vcpus);
        checkMemory(memory.bytes(), pageSize);
        atLeastOne("memslots", memslots);
        long pages = memory.bytes() >> pageSize.shift();
        if (memslots > pages) {
            throw new InvalidInputException("memslots must be at most the memory's " + pages + " pages of "
                    + size(pageSize) + ", not " + memslots);
        }
        atLeastOne("handlers", handlers);
        atLeastOne("fetchers", fetchers);
        atLeastOne("in-flight pages", inFlight);
        if (fetchers > inFlight) {
            throw new InvalidInputException("fetchers must be at most the " + inFlight
                    + " in-flight pages, since each needs one, not " + fetchers);
        }
        atLeastOne("TLB entries", tlbEntries);
        if (tlbEntries > TLB_ENTRIES_LIMIT) {
            throw new InvalidInputException(
                    "TLB entries must be at most " + TLB_ENTRIES_LIMIT + ", not " + tlbEntries);
        }
        atLeastOne("fetch timeout in nanoseconds", fetchTimeoutNanos);
        atLeastOne("fetch attempts", fetchAttempts);
        if (fetchBackoffNanos < 0) {
            throw new InvalidInputException(
                    "fetch back-off in nanoseconds must be at least 0, not " + fetchBackoffNanos);
        }
        if (evictAbovePercent < 1 || evictAbovePercent > 100) {
            throw new InvalidInputException(
                    "the percentage to evict above must be from 1 to 100, not " + evictAbovePercent);
        }
        if (holdUntilFaults < 0) {
            throw new InvalidInputException("faults to hold until must be at least 0, not " + holdUntilFaults);
        }
        if (!(arrivalsPerSecond >= 0 && arrivalsPerSecond <= MOST_ARRIVALS_PER_SECOND)) {
            throw new InvalidInputException("arrivals per second of each vCPU must be from 0 to 1 000 000 000, not "
                    + arrivalsPerSecond);
        }
        checkBacking(backing, pageSize, minorFaults);
        if (resolveBy == ResolveBy.MOVE) {
            checkMovable(backing, pageSize, writeProtectInstalls, minorFaults);
        }
    }

    private static void checkCpus(int cpus, int vcpus) {
        atLeastOne("cpus", cpus);
        if (cpus > vcpus) {
            throw new InvalidInputException("cpus must be at most the " + vcpus + " vcpus, which need no more, not "
                    + cpus);
        }
        if (vcpus / cpus >= VCPUS_PER_CPU_LIMIT) {
            throw new InvalidInputException("cpus must be more than the " + vcpus + " vcpus divided by "
                    + VCPUS_PER_CPU_LIMIT + ", how many a TLB can tell apart, not " + cpus);
        }
    }

    /** The same, for one of the runs of a policy that has to be rehearsed. */
    public MachineSpec with(FlushPolicy pass, MachineListener hears) {
        return new MachineSpec(vcpus, cpus, memory, memslots, pageSize, handlers, fetchers, inFlight, source,
                sourceTiming,
                contents, backing, tlbEntries, pass, resolutionPolicy, resolveBy, fetchTimeoutNanos, fetchAttempts,
                fetchBackoffNanos, verify, oracle, writeProtectInstalls, minorFaults, evictAbovePercent, store, chaos,
                holdUntilFaults, costs, arrivalsPerSecond, hears, seed);
    }

    /** A builder with every default. */
    public static MachineSpecBuilder builder() {
        return new MachineSpecBuilder();
    }

    /**
     * How long to wait before a page is fetched again: the back-off, doubled for each attempt after the first.
     *
     * @param fetchAttempt
     *            the attempt that failed, counted from 1
     */
    public long backOffNanos(int fetchAttempt) {
        int doublings = Math.min(fetchAttempt - 1, MOST_DOUBLINGS);
        return Math.min(fetchBackoffNanos, LONGEST_BACK_OFF_NANOS >> doublings) << doublings;
    }

    /** Whether vCPUs take turns on the CPUs. */
    public boolean sharesCpus() {
        return cpus < vcpus;
    }

    /** Whether pages are ever evicted. */
    public boolean evicts() {
        return evictAbovePercent < 100;
    }

    /** How many pages the memory has. */
    public long pages() {
        return memory.bytes() >> pageSize.shift();
    }

    /**
     * Opens the page source for a run, which closes it.
     *
     * @throws InvalidInputException when the source does not exist, cannot be read or is too short
     */
    public PageSource openSource() {
        return source.open(new SourceShape(memory.bytes(), seed));
    }

    /** How the pages are dealt to the memslots. */
    public MemslotLayout layout() {
        return new MemslotLayout(pages(), memslots);
    }

    /** What is wrong with a guest-physical range that should be whole pages of the memory, or null. */
    public @Nullable String mistakeInRange(long gpa, long bytes) {
        if (bytes <= 0 || !pageSize.isAligned(gpa) || !pageSize.isAligned(bytes)) {
            return bytes + " bytes at 0x" + Long.toHexString(gpa) + " are not whole pages of " + size(pageSize);
        }
        if (gpa < 0 || bytes > memory.bytes() || gpa > memory.bytes() - bytes) {
            return bytes + " bytes at 0x" + Long.toHexString(gpa) + " reach beyond the memory of " + memory;
        }
        return null;
    }

    private static void checkMemory(long bytes, PageSize pageSize) {
        if (bytes == 0) {
            throw new InvalidInputException("memory must be at least one page of " + size(pageSize) + ", not 0 bytes");
        }
        if (bytes > MEMORY_LIMIT_BYTES) {
            throw new InvalidInputException("memory must be at most " + new MemorySize(MEMORY_LIMIT_BYTES)
                    + ", what an address space holds, not " + new MemorySize(bytes));
        }
        if (!pageSize.isAligned(bytes)) {
            long below = pageSize.alignDown(bytes);
            throw new InvalidInputException("memory must be a multiple of the page size " + size(pageSize) + ", not "
                    + new MemorySize(bytes) + ": " + (below == 0 ? "" : new MemorySize(below) + " or ")
                    + new MemorySize(below + pageSize.bytes()) + " would be");
        }
    }

    private static void checkBacking(Backing backing, PageSize pageSize, boolean minorFaults) {
        boolean basePages = pageSize == PageSize.SIZE_4K;
        if (basePages && backing == Backing.HUGETLB) {
            throw new InvalidInputException("backing HUGETLB needs pages of 2MiB or 1GiB, not " + size(pageSize));
        }
        if (!basePages && backing == Backing.SHMEM) {
            throw new InvalidInputException("backing SHMEM needs pages of 4KiB, not " + size(pageSize));
        }
        if (minorFaults && backing == Backing.ANON) {
            throw new InvalidInputException(
                    "minor faults need backing SHMEM or HUGETLB, not ANON, which has no page cache");
        }
    }

    /** What UFFDIO_MOVE asks for (ioctl_userfaultfd(2)): private anonymous memory, and no mode that protects. */
    private static void checkMovable(Backing backing, PageSize pageSize, boolean writeProtectInstalls,
            boolean minorFaults) {
        if (minorFaults) {
            throw new InvalidInputException(
                    "minor faults need resolving by COPY: their pages are in the page cache, and cannot be moved there");
        }
        if (backing != Backing.ANON) {
            throw new InvalidInputException("resolving by MOVE needs backing ANON, not " + backing
                    + ": only private anonymous pages can be moved");
        }
        if (pageSize == PageSize.SIZE_1G) {
            throw new InvalidInputException("resolving by MOVE needs pages of 4KiB or 2MiB, not 1GiB");
        }
        if (writeProtectInstalls) {
            throw new InvalidInputException(
                    "write-protected installs need resolving by COPY: MOVE cannot install a page write-protected");
        }
    }

    private static MemorySize size(PageSize pageSize) {
        return new MemorySize(pageSize.bytes());
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new InvalidInputException(name + " must be at least 1, not " + value);
        }
    }
}
