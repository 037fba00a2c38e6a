package io.faultline.race;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

import io.faultline.explore.Breach;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.HostDuty;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.oracle.SafetyOracle;
import io.faultline.oracle.Violation;
import io.faultline.space.MemoryObject;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a race happens on: CPUs with TLBs, address spaces, files and a few frames, under a real flush policy,
 * watched by the safety oracle after every step. The objects are those that the runtime drives; only what drives them is a
 * script.
 *
 * <p>Made once a run, on the stage of a scenario. Threads and address spaces are added before the first step.
 */
public final class Race {
    /** How many frames there are; the free one with the lowest number is allocated next. */
    public static final int FRAMES = 128;

    private static final int CPUS_MAX = 8;

    private final Stage stage;
    private final SafetyOracle oracle;
    private final FlushPolicy policy;
    private final FlushDomain domain = new FlushDomain(CPUS_MAX);
    private final FramePool frames = FramePool.tokens(FRAMES);
    private final List<RaceCpu> cpus = new ArrayList<>();
    private final List<RaceInitiator> initiators = new ArrayList<>();
    private int spaces;
    private long requests;

    /**
     * An empty machine.
     *
     * @param stage shows it
     * @param policy flushes; the broken variant of a race about a policy gives one with a safety rule removed
     * @throws IllegalArgumentException when the policy needs broadcasts, which are not modelled here
     */
    public Race(Stage stage, FlushPolicy policy) {
        var missing = EnumSet.noneOf(HostDuty.class);
        missing.addAll(policy.duties());
        missing.retainAll(EnumSet.of(HostDuty.BROADCASTS));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("flush policy " + policy.name() + " needs a host that "
                    + HostDuty.BROADCASTS.description() + "; a race does not");
        }
        this.stage = stage;
        oracle = SafetyOracle.checking(stage.clock(), policy.contract());
        this.policy = oracle.watching(policy);
        frames.observer(oracle.frameObserver());
        stage.judge(this::breach);
    }

    private @Nullable Breach breach() {
        return oracle.violationCount() == 0 ? null : breach(oracle.violations().getFirst());
    }

    /** Not the violation's own text: its times and seed are those of a machine. */
    private static Breach breach(Violation found) {
        String frame = found.frame() == Violation.NO_FRAME ? "" : ", frame " + found.frame();
        return new Breach(found.invariant().name(), String.format(Locale.ROOT, "%s; CPUs %s, page %d%s",
                found.invariant().description(), found.cpus(), RacePages.pageOf(found.page()), frame));
    }

    /**
     * Adds an address space without mappings.
     *
     * @param name for the steps, such as "mm"
     */
    public RaceSpace space(String name) {
        return new RaceSpace(this, name, spaces++);
    }

    /**
     * Adds a file whose pages are all in the page cache.
     *
     * @param name for the steps
     * @param pages how many
     */
    public RaceFile file(String name, int pages) {
        MemoryObject object = MemoryObject.shmem(RacePages.address(pages));
        for (int page = 0; page < pages; page++) {
            long frame = frames.allocate(PageSize.SIZE_4K);
            frames.exclusive(frame, false);
            object.insert(page, frame);
        }
        return new RaceFile(name, object);
    }

    /**
     * Adds a lock.
     *
     * @param name for the steps, such as "ptl"
     */
    public RaceLock lock(String name) {
        return new RaceLock(name);
    }

    /**
     * Adds a thread on the next CPU, running in an address space.
     *
     * @param name heads its column, behind the CPU's number
     * @param space loaded on its CPU
     */
    public RaceThread thread(String name, RaceSpace space) {
        RaceThread thread = thread(name);
        thread.cpu().boot(space);
        return thread;
    }

    /**
     * Adds a thread on the next CPU that has no address space loaded, as a kernel thread may.
     *
     * @param name heads its column, behind the CPU's number
     */
    public RaceThread thread(String name) {
        if (cpus.size() == CPUS_MAX) {
            throw new IllegalStateException("a race has at most " + CPUS_MAX + " CPUs");
        }
        int number = cpus.size();
        Script script = stage.script("CPU " + number + " " + name);
        RaceCpu cpu = new RaceCpu(this, number, script);
        cpus.add(cpu);
        initiators.forEach(initiator -> initiator.connect(cpu));
        return add(new RaceThread(stage, script, cpu));
    }

    /**
     * Adds a thread on a CPU that the flush policy knows nothing of and that is never a target: the hypervisor, or somebody
     * whose own TLB does not matter.
     *
     * @param name heads its column
     */
    public RaceThread outsider(String name) {
        return add(new RaceThread(stage, stage.script(name), null));
    }

    private RaceThread add(RaceThread thread) {
        RaceInitiator initiator = new RaceInitiator(this, initiators.size(), thread);
        initiators.add(initiator);
        cpus.forEach(initiator::connect);
        thread.initiator(initiator);
        return thread;
    }

    /**
     * Returns the step of taking a free frame for something else, such as the page cache; blocked while there is none.
     *
     * @param purpose what for, in a few words
     */
    public RaceStep allocate(String purpose) {
        return thread -> thread.when("alloc_page for " + purpose, () -> frames.freeFrames() > 0,
                () -> thread.note("frame " + frames.allocate(PageSize.SIZE_4K)));
    }

    /** {@return the physical memory} */
    public FramePool frames() {
        return frames;
    }

    /** {@return the judge; what the steps of this package do it hears of by itself} */
    public SafetyOracle oracle() {
        return oracle;
    }

    /** {@return what the parts of the flush policy share} */
    public FlushDomain domain() {
        return domain;
    }

    Stage stage() {
        return stage;
    }

    /** The policy on trial, with the oracle listening. */
    FlushPolicy policy() {
        return policy;
    }

    long nextRequest() {
        return ++requests;
    }

    RaceInitiator initiator(int id) {
        return initiators.get(id);
    }
}
