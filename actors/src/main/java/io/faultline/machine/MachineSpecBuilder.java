package io.faultline.machine;

import io.faultline.chaos.ChaosSpec;
import io.faultline.cost.CostProfile;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.StrictPolicy;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.source.PageStores;
import io.faultline.source.SourceSpec;
import io.faultline.source.SourceTiming;
import io.faultline.source.StoreSpec;
import io.faultline.units.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link MachineSpec}, where each value and its default is explained. Values are checked all together by
 * {@link #build()}. Not thread-safe.
 */
public final class MachineSpecBuilder {
    private static final int DEFAULT_MEMSLOTS = 64;
    private static final int DEFAULT_FETCHERS = 2;

    private int vcpus = 4096;
    private @Nullable Integer cpus;
    private MemorySize memory = MemorySize.gibibytes(1);
    private @Nullable Integer memslots;
    private PageSize pageSize = PageSize.SIZE_4K;
    private int handlers = 2;
    private @Nullable Integer fetchers;
    private int inFlight = 256;
    private SourceSpec source = PageSources.synthetic();
    private SourceTiming sourceTiming = SourceTiming.INSTANT;
    private PageContents contents = PageContents.BYTES;
    private @Nullable Backing backing;
    private int tlbEntries = 64;
    private FlushPolicy flushPolicy = new StrictPolicy(StrictPolicy.CEILING_DEFAULT_PAGES);
    private ResolutionPolicy resolutionPolicy = ResolutionPolicies.fetchAndCopy();
    private ResolveBy resolveBy = ResolveBy.COPY;
    private long fetchTimeoutNanos = 1_000_000_000;
    private int fetchAttempts = 4;
    private long fetchBackoffNanos = 1_000_000;
    private boolean verify = true;
    private OracleLevel oracle = OracleLevel.DEFAULT;
    private boolean writeProtectInstalls;
    private boolean minorFaults;
    private int evictAbovePercent = 100;
    private StoreSpec store = PageStores.temporaryFile();
    private ChaosSpec chaos = ChaosSpec.NONE;
    private long holdUntilFaults;
    private CostProfile costs = CostProfile.FREE;
    private double arrivalsPerSecond;
    private MachineListener listener = MachineListener.NONE;
    private long seed = 1;

    MachineSpecBuilder() {}

    /** How many vCPUs. */
    public MachineSpecBuilder vcpus(int count) {
        vcpus = count;
        return this;
    }

    /** How many CPUs: fewer than vCPUs have these take turns. */
    public MachineSpecBuilder cpus(int count) {
        cpus = count;
        return this;
    }

    /** Guest-physical memory, a multiple of the page size. */
    public MachineSpecBuilder memory(MemorySize size) {
        memory = size;
        return this;
    }

    /** How many memslots share the memory. */
    public MachineSpecBuilder memslots(int count) {
        memslots = count;
        return this;
    }

    /** In which memory is faulted, fetched and mapped. */
    public MachineSpecBuilder pageSize(PageSize size) {
        pageSize = size;
        return this;
    }

    /** How many fault handlers. */
    public MachineSpecBuilder handlers(int count) {
        handlers = count;
        return this;
    }

    /** How many page fetchers. */
    public MachineSpecBuilder fetchers(int count) {
        fetchers = count;
        return this;
    }

    /** The most pages in flight at once, over all fetchers. */
    public MachineSpecBuilder inFlight(int pages) {
        inFlight = pages;
        return this;
    }

    /** Where contents come from; each run opens the source for itself and closes it. */
    public MachineSpecBuilder source(SourceSpec spec) {
        source = spec;
        return this;
    }

    /** Where contents come from: a source that the caller opened, and closes when no run uses it any more. */
    public MachineSpecBuilder source(PageSource opened) {
        source = shape -> new BorrowedSource(opened);
        return this;
    }

    /** What the source's reads cost, and how they go wrong. */
    public MachineSpecBuilder sourceTiming(SourceTiming timing) {
        sourceTiming = timing;
        return this;
    }

    /** Whether pages hold bytes or tokens. */
    public MachineSpecBuilder contents(PageContents kind) {
        contents = kind;
        return this;
    }

    /** The memory object behind the memslots. */
    public MachineSpecBuilder backing(Backing kind) {
        backing = kind;
        return this;
    }

    /** Capacity of each vCPU's TLB. */
    public MachineSpecBuilder tlbEntries(int entries) {
        tlbEntries = entries;
        return this;
    }

    /** When TLB flushes are sent, and to whom. */
    public MachineSpecBuilder flushPolicy(FlushPolicy policy) {
        flushPolicy = policy;
        return this;
    }

    /** How handlers resolve faults. */
    public MachineSpecBuilder resolutionPolicy(ResolutionPolicy policy) {
        resolutionPolicy = policy;
        return this;
    }

    /** How fetched pages are made present: copied, or moved, where their memory permits that. */
    public MachineSpecBuilder resolveBy(ResolveBy how) {
        resolveBy = how;
        return this;
    }

    /** After which an unanswered fetch counts as failed. */
    public MachineSpecBuilder fetchTimeoutNanos(long nanos) {
        fetchTimeoutNanos = nanos;
        return this;
    }

    /** How often a page is fetched before it is poisoned. */
    public MachineSpecBuilder fetchAttempts(int attempts) {
        fetchAttempts = attempts;
        return this;
    }

    /** The wait before the second attempt, doubled before each further one. */
    public MachineSpecBuilder fetchBackoffNanos(long nanos) {
        fetchBackoffNanos = nanos;
        return this;
    }

    /** Whether every read is checked against what it must see. */
    public MachineSpecBuilder verify(boolean on) {
        verify = on;
        return this;
    }

    /** How closely the safety oracle watches. */
    public MachineSpecBuilder oracle(OracleLevel level) {
        oracle = level;
        return this;
    }

    /** Whether pages are installed write-protected, so that the first write to each faults. */
    public MachineSpecBuilder writeProtectInstalls(boolean on) {
        writeProtectInstalls = on;
        return this;
    }

    /** Whether the page cache is filled before the run, so that every fault is MINOR. */
    public MachineSpecBuilder minorFaults(boolean on) {
        minorFaults = on;
        return this;
    }

    /** How much of each memslot's memory may stay resident, from 1 to 100 percent. */
    public MachineSpecBuilder evictAbovePercent(int percent) {
        evictAbovePercent = percent;
        return this;
    }

    /** Where evicted pages go; each run opens the store for itself and closes it. */
    public MachineSpecBuilder store(StoreSpec spec) {
        store = spec;
        return this;
    }

    /** What fails on purpose, and how often. */
    public MachineSpecBuilder chaos(ChaosSpec failures) {
        chaos = failures;
        return this;
    }

    /** How many vCPUs have to be halted, or none able to run, before the first page is fetched. */
    public MachineSpecBuilder holdUntilFaults(long faults) {
        holdUntilFaults = faults;
        return this;
    }

    /** What operations cost in the world virtual; elsewhere they take time by themselves. */
    public MachineSpecBuilder costs(CostProfile profile) {
        costs = profile;
        return this;
    }

    /** How often an access is due on each vCPU, in the world virtual; 0 for always. */
    public MachineSpecBuilder arrivalsPerSecond(double rate) {
        arrivalsPerSecond = rate;
        return this;
    }

    /** Who hears of what the machine does; used by each run of the spec, at the same time if they are. */
    public MachineSpecBuilder listener(MachineListener heard) {
        listener = heard;
        return this;
    }

    /** What everything random comes from. */
    public MachineSpecBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * Checks everything and builds.
     *
     * @return the spec
     * @throws InvalidInputException naming the first value that is wrong, and what would be right
     */
    public MachineSpec build() {
        return new MachineSpec(vcpus, cpus == null ? vcpus : cpus, memory, effectiveMemslots(), pageSize, handlers,
                effectiveFetchers(),
                inFlight,
                source, sourceTiming, contents, effectiveBacking(),
                tlbEntries, flushPolicy, resolutionPolicy, resolveBy, fetchTimeoutNanos,
                fetchAttempts, fetchBackoffNanos, verify, oracle, writeProtectInstalls, minorFaults, evictAbovePercent,
                store, chaos, holdUntilFaults, costs, arrivalsPerSecond,
                listener,
                seed);
    }

    /** A small machine does not have to be told that it cannot have 64; one who asked for too many is. */
    private int effectiveMemslots() {
        if (memslots != null) {
            return memslots;
        }
        long pages = memory.bytes() >> pageSize.shift();
        return Math.clamp(pages, 1, DEFAULT_MEMSLOTS);
    }

    private int effectiveFetchers() {
        return fetchers != null ? fetchers : Math.clamp(inFlight, 1, DEFAULT_FETCHERS);
    }

    private Backing effectiveBacking() {
        if (backing != null) {
            return backing;
        }
        if (resolveBy == ResolveBy.MOVE && !minorFaults) {
            return Backing.ANON;
        }
        if (pageSize != PageSize.SIZE_4K) {
            return Backing.HUGETLB;
        }
        return minorFaults ? Backing.SHMEM : Backing.ANON;
    }
}
