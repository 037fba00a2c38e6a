package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.oracle.SafetyOracle;
import io.faultline.oracle.Violation;
import io.faultline.time.SplitMix;

/**
 * Hosts a policy's parts without actors: four CPUs, two initiators, one of them on a CPU, and everything on its way between
 * them. Offers what could happen next; a seeded draw decides.
 */
final class FlushHarness implements Steps {
    static final int CPUS = 4;

    private static final int INITIATORS = 2;
    private static final int STEPS_MAX = 20_000;

    private final SplitMix random;
    private final SafetyOracle oracle;
    private final HarnessMemory memory;
    private final FlushDomain domain = new FlushDomain(CPUS);
    private final List<HarnessCpu> cpus = new ArrayList<>();
    private final List<HarnessInitiator> initiators = new ArrayList<>();
    private final List<Step> acknowledgements = new ArrayList<>();
    private List<Step> offered = new ArrayList<>();
    private long steps;
    private long accesses;

    /** Something that can happen next. */
    record Step(int owner, String what, Runnable action) {}

    FlushHarness(FlushPolicy policy, long seed) {
        this(seed, rehearsed(policy, seed));
    }

    /** A policy that has to know what is to come hears the same seed once before. */
    private static FlushPolicy rehearsed(FlushPolicy policy, long seed) {
        if (policy instanceof RehearsedPolicy unrehearsed) {
            var rehearsal = unrehearsed.rehearse();
            assertThat(run(rehearsal.first(), seed)).as("the rehearsal of %s, seed %d", policy, seed).isEmpty();
            return rehearsal.second();
        }
        return policy;
    }

    private FlushHarness(long seed, FlushPolicy policy) {
        random = new SplitMix(seed);
        oracle = SafetyOracle.checking(this::nanos, policy.contract(), seed);
        memory = new HarnessMemory(oracle);
        var watched = oracle.watching(policy);
        for (int cpu = 0; cpu < CPUS; cpu++) {
            cpus.add(new HarnessCpu(this, cpu, watched));
        }
        for (int id = 0; id < INITIATORS; id++) {
            initiators.add(new HarnessInitiator(this, id, id == 0 ? FlushRequest.NO_CPU : 0, watched));
        }
        offer();
    }

    /** Runs one seed to its end and returns what the oracle found. */
    static List<Violation> run(FlushPolicy policy, long seed) {
        var harness = new FlushHarness(policy, seed);
        harness.runToEnd();
        return harness.oracle.violations();
    }

    /** Runs to the end and returns what happened. */
    List<String> traceToEnd() {
        var trace = new ArrayList<String>();
        while (pending() > 0) {
            int picked = random.nextInt(pending());
            trace.add(describe(picked));
            run(picked);
        }
        return trace;
    }

    void runToEnd() {
        while (pending() > 0) {
            if (steps > STEPS_MAX) {
                throw new AssertionError("no end after " + steps + " steps; offered are " + offered);
            }
            run(random.nextInt(pending()));
        }
        oracle.ended();
        initiators.forEach(HarnessInitiator::checkNothingForgotten);
    }

    long accesses() {
        return accesses;
    }

    long requests() {
        return initiators.stream().mapToLong(HarnessInitiator::requests).sum();
    }

    @Override
    public int pending() {
        return offered.size();
    }

    @Override
    public int owner(int index) {
        return offered.get(index).owner();
    }

    @Override
    public String describe(int index) {
        return offered.get(index).what();
    }

    @Override
    public void run(int index) {
        steps++;
        offered.get(index).action().run();
        offer();
    }

    private void offer() {
        offered = new ArrayList<>(acknowledgements);
        boolean over = acknowledgements.isEmpty()
                && initiators.stream().allMatch(HarnessInitiator::isDone)
                && cpus.stream().noneMatch(HarnessCpu::hasWork);
        if (!over) {
            cpus.forEach(cpu -> cpu.offer(offered));
            initiators.forEach(initiator -> initiator.offer(offered));
        }
    }

    void acknowledge(int cpu, int initiator, long ticket) {
        var delivered = new Step[1];
        delivered[0] = new Step(CPUS + initiator, "CPU " + cpu + " acknowledged " + ticket, () -> {
            acknowledgements.remove(delivered[0]);
            initiators.get(initiator).part().acknowledged(cpu, ticket);
        });
        acknowledgements.add(delivered[0]);
    }

    /** Whether a CPU may switch or idle now: what its initiators broadcast is synchronised from it first. */
    boolean departs(int cpu) {
        var leaving = initiators.stream().filter(each -> each.cpu() == cpu).toList();
        leaving.forEach(each -> each.part().departing());
        return leaving.stream().noneMatch(each -> each.broadcasts().isSyncing());
    }

    /** The CPU has switched or idles: what its initiators broadcast before can no longer be waited for. */
    void departed(int cpu) {
        initiators.stream().filter(each -> each.cpu() == cpu).forEach(each -> each.broadcasts().departed());
    }

    void syncBroadcasts(int cpu) {
        initiators.stream().filter(each -> each.cpu() == cpu).forEach(each -> each.broadcasts().syncNow());
    }

    void used(long frame) {
        accesses++;
    }

    long nanos() {
        return steps;
    }

    HarnessCpu cpu(int cpu) {
        return cpus.get(cpu);
    }

    SafetyOracle oracle() {
        return oracle;
    }

    HarnessMemory memory() {
        return memory;
    }

    FlushDomain domain() {
        return domain;
    }

    SplitMix random() {
        return random;
    }
}
