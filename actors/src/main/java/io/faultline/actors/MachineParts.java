package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.chaos.Chaos;
import io.faultline.chaos.ChaosCounts;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushStatistics;
import io.faultline.kernel.HostKernel;
import io.faultline.machine.Backing;
import io.faultline.machine.MachineListener;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MemslotLayout;
import io.faultline.machine.PageContents;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageTable;
import io.faultline.oracle.SafetyOracle;
import io.faultline.ring.FaultCounters;
import io.faultline.ring.HoldGate;
import io.faultline.ring.PageBatch;
import io.faultline.source.PageSource;
import io.faultline.source.PageStore;
import io.faultline.source.PageStores;
import io.faultline.space.AddressSpace;
import io.faultline.verify.PageCounters;
import io.faultline.verify.Verifier;
import io.faultline.world.WorldContext;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What the actors of one machine share: its memory, its counters, and who has which role.
 *
 * <p>
 * Threading: each part states its own; what is written after the machine has started is the directories, by the machine.
 */
final class MachineParts implements AutoCloseable {
    /** The tag under which CPUs keep translations of guest-physical addresses. */
    static final int GUEST_ASID = 1;
    /** The tag under which the fetchers' CPUs keep translations of host-virtual addresses. */
    static final int HOST_ASID = 2;

    private static final int SPACE_ID = 1;

    private final MachineSpec spec;
    private final WorldContext world;
    private final Workshop workshop;
    private final MemslotLayout layout;
    private final FramePool frames;
    private final AddressSpace space;
    private final PageTable secondStage = new PageTable();
    private final OpenSource source;
    private final @Nullable PageStore store;
    private final KernelSide kernel;
    private final Verifier verifier;
    private final FaultCounters counters = new FaultCounters();
    private final VcpuShards shards;
    private final MachineGauges gauges = new MachineGauges();
    private final HoldGate hold;
    private final Chaos chaos;
    private final ChaosCounts chaosCounts = new ChaosCounts();
    private final SourceLink sourceLink;
    private final Charges charges;
    private final MachineListener listener;
    private final SafetyOracle oracle;
    private final FlushStatistics flushStatistics = new FlushStatistics();
    private final FlushPolicy flushPolicy;
    private final FlushDomain flushDomain;
    private final @Nullable Staging staging;
    private final MachineCpus cpus;
    private final List<MemslotParts> memslotParts = new ArrayList<>();
    private final ActorDirectory<VCpu.Command> vcpus;
    private final ActorDirectory<Memslot.Command> memslots;
    private final ActorDirectory<FaultHandler.Command> handlers;
    private final ActorDirectory<PageFetcher.Command> fetchers;
    private @Nullable ActorRef<TlbShootdown.Command> shootdown;
    private @Nullable ActorRef<AddressSpaceOwner.Command> addressSpaceOwner;
    private @Nullable ActorRef<PageSaver.Command> saver;
    private final ActorRef<VirtualMachine.Command> machine;

    MachineParts(MachineSpec spec, WorldContext world, Workshop workshop,
            ActorRef<VirtualMachine.Command> machine, PageSource source, @Nullable PageStore store,
            @Nullable HostKernel kernel) {
        this.spec = spec;
        this.world = world;
        this.workshop = workshop;
        this.machine = machine;
        this.layout = spec.layout();
        this.chaos = Chaos.of(spec.chaos(), spec.seed(), spec.fetchTimeoutNanos());
        this.sourceLink = new SourceLink(spec, world);
        this.charges = new Charges(spec.costs(), world);
        this.listener = spec.listener();
        this.hold = new HoldGate(spec.holdUntilFaults());
        this.shards = new VcpuShards(world.clock().nanos());
        this.flushDomain = new FlushDomain(spec.vcpus() + (moves() ? spec.fetchers() : 0));
        this.oracle = kernel == null
                ? Oracles.of(spec, world, flushDomain.cpus())
                : SafetyOracle.OFF; // nobody sees the TLBs of real CPUs
        this.flushPolicy = oracle.watching(flushStatistics.measuring(spec.flushPolicy(), world.clock()));
        this.cpus = new MachineCpus(spec, oracle);
        this.vcpus = new ActorDirectory<>("vCPU", spec.vcpus());
        this.memslots = new ActorDirectory<>("memslot", spec.memslots());
        this.handlers = new ActorDirectory<>("handler", spec.handlers());
        this.fetchers = new ActorDirectory<>("fetcher", spec.fetchers());
        this.store = store;
        this.kernel = kernel == null ? KernelSide.SIMULATED : new RealKernel(this, kernel);
        this.source = new OpenSource(store == null ? source : PageStores.over(store, source));
        long basePages = spec.pages() * spec.pageSize().basePages();
        long poolFrames = PoolFrames.of(spec, moves() ? receiveSlots() : 0);
        this.frames = isTokens() ? FramePool.tokens(poolFrames) : FramePool.bytes(poolFrames);
        if (oracle.isOn()) {
            frames.observer(oracle.frameObserver());
        }
        this.space = new AddressSpace(SPACE_ID, frames);
        this.verifier = new Verifier(source, this.kernel.contents(frames), new PageCounters(basePages));
        this.staging = moves() ? new Staging(this) : null;
        MemslotBuilder builder = new MemslotBuilder(this);
        for (int memslot = 0; memslot < spec.memslots(); memslot++) {
            memslotParts.add(builder.build(memslot));
        }
    }

    /**
     * Drops pages from the address space, from their page cache too if they have one (madvise(2), MADV_DONTNEED or
     * MADV_REMOVE). The caller is the writer of the range and says who takes the frames ({@link QuarantineScope}).
     */
    void giveBack(long hva, long bytes) {
        Errno errno = spec.backing() == Backing.ANON ? space.discard(hva, bytes) : space.punchHole(hva, bytes);
        if (errno != Errno.OK) {
            throw new IllegalStateException("giving back " + bytes + " bytes at 0x" + Long.toHexString(hva)
                    + " answered " + errno);
        }
    }

    /** Where memory comes from and vCPUs run. */
    KernelSide kernel() {
        return kernel;
    }

    boolean isTokens() {
        return spec.contents() == PageContents.TOKENS;
    }

    /** Whether fetched pages are moved into the guest's memory, and evicted ones out of it, instead of copied. */
    boolean moves() {
        return spec.resolveBy() == ResolveBy.MOVE;
    }

    /** The staging memory, in a machine that moves pages. */
    Staging staging() {
        if (staging == null) {
            throw new IllegalStateException("a machine that copies pages has no staging memory");
        }
        return staging;
    }

    /** Whether the memory has a zero page to map; huge pages have none. */
    boolean hasZeroPages() {
        return spec.backing() != Backing.HUGETLB;
    }

    /** A fetcher's share of the pages that may be in flight. */
    int inFlightPages(int fetcher) {
        int share = spec.inFlight() / spec.fetchers() + (fetcher < spec.inFlight() % spec.fetchers() ? 1 : 0);
        return (int) Math.min(share, spec.pages());
    }

    /** What one fetcher lets each handler have with it: enough to be read next while as much is being read. */
    int creditPages() {
        return 2 * inFlightPages(0);
    }

    /** What can be with one fetcher: each page holds a credit, also in quarantine. */
    int receiveSlots() {
        return spec.handlers() * creditPages();
    }

    /** The source's link as a stage of a fetcher's stream. */
    Flow<PageBatch, PageBatch, NotUsed> sourceRate() {
        return sourceLink.stage();
    }

    MachineSpec spec() {
        return spec;
    }

    WorldContext world() {
        return world;
    }

    /** What makes the machine's parts. */
    Workshop workshop() {
        return workshop;
    }

    MemslotLayout layout() {
        return layout;
    }

    FramePool frames() {
        return frames;
    }

    AddressSpace space() {
        return space;
    }

    /** The guest's page table, from guest-physical address to frame. */
    PageTable secondStage() {
        return secondStage;
    }

    OpenSource source() {
        return source;
    }

    Verifier verifier() {
        return verifier;
    }

    FaultCounters counters() {
        return counters;
    }

    VcpuShards shards() {
        return shards;
    }

    MachineGauges gauges() {
        return gauges;
    }

    /** Who is told of what happens; its methods are empty when nobody is. */
    MachineListener listener() {
        return listener;
    }

    /** Whether it is worth gathering what only a listener wants. */
    boolean isHeard() {
        return listener != MachineListener.NONE;
    }

    Chaos chaos() {
        return chaos;
    }

    /** Of the failures made on purpose. */
    ChaosCounts chaosCounts() {
        return chaosCounts;
    }

    Charges charges() {
        return charges;
    }

    HoldGate hold() {
        return hold;
    }

    SafetyOracle oracle() {
        return oracle;
    }

    FlushStatistics flushStatistics() {
        return flushStatistics;
    }

    FlushPolicy flushPolicy() {
        return flushPolicy;
    }

    FlushDomain flushDomain() {
        return flushDomain;
    }

    MachineCpus cpus() {
        return cpus;
    }

    MemslotParts memslotParts(int memslot) {
        return memslotParts.get(memslot);
    }

    ActorDirectory<VCpu.Command> vcpus() {
        return vcpus;
    }

    ActorDirectory<Memslot.Command> memslots() {
        return memslots;
    }

    ActorDirectory<FaultHandler.Command> handlers() {
        return handlers;
    }

    ActorDirectory<PageFetcher.Command> fetchers() {
        return fetchers;
    }

    ActorRef<VirtualMachine.Command> machine() {
        return machine;
    }

    ActorRef<TlbShootdown.Command> shootdown() {
        return spawned(shootdown, "shootdown");
    }

    ActorRef<AddressSpaceOwner.Command> addressSpaceOwner() {
        return spawned(addressSpaceOwner, "address-space owner");
    }

    /** Who saves evicted pages; there is one when the machine evicts. */
    ActorRef<PageSaver.Command> saver() {
        return spawned(saver, "saver");
    }

    /** Where evicted pages go; null when none ever are. */
    @Nullable
    PageStore store() {
        return store;
    }

    void enterSaver(ActorRef<PageSaver.Command> theSaver) {
        saver = theSaver;
    }

    /** Names the two actors there is one of, before any other is spawned. */
    void enter(ActorRef<TlbShootdown.Command> theShootdown, ActorRef<AddressSpaceOwner.Command> theOwner) {
        shootdown = theShootdown;
        addressSpaceOwner = theOwner;
    }

    private static <C> ActorRef<C> spawned(@Nullable ActorRef<C> actor, String role) {
        if (actor == null) {
            throw new IllegalStateException("the " + role + " was not spawned yet");
        }
        return actor;
    }

    /** Gives frames and source back; every actor has stopped. */
    @Override
    public void close() {
        kernel.close();
        frames.close();
        source.end();
    }
}
