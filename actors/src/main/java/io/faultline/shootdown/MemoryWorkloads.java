package io.faultline.shootdown;

import java.util.List;

import io.faultline.registry.Parameters;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;
import io.faultline.units.Durations;

/** The workloads of the flush laboratory that can be chosen by name. */
public final class MemoryWorkloads {
    private static final int PAGES_MOST = 1 << 16;
    private static final int MANY = 1 << 20;
    private static final int READ_PAGES = 256;
    /** They stand in one list with those of stress. */
    private static final String LAB = "flush-lab: ";
    private static final String PAGES = "pages";
    private static final String CALLS = "calls";
    private static final String READS = "reads";

    private static final Registry<MemoryWorkload> REGISTRY = new Registry<>("flush-lab workload", List.of(
            loop("post-copy", "one thread moves received pages into the range that the others read: pages=N a call (1)",
                    CallLoop.movesIn(1, 1000).computeNanos(2_000)),
            loop("eviction", "one thread moves pages out of the range that all read: pages=N a call (16)",
                    CallLoop.movesOut(16, 200).computeNanos(20_000)),
            new Registration<>("gc-compaction",
                    LAB + "a collector write-protects and moves regions that all read: pages=N a region (64)",
                    List.of(PAGES, CALLS, READS), MemoryWorkloads::compaction),
            loop("munmap-storm", "every thread maps, touches and unmaps memory of its own: pages=N a call (1)",
                    CallLoop.munmapStorm(1, 600).computeNanos(5_000)),
            loop("munmap-shared", "one thread unmaps pages that all have read: pages=N a call (1)",
                    CallLoop.of(MemoryCall.MUNMAP, 1, 200).computeNanos(50_000).readsAmong(READ_PAGES)),
            loop("server", "every thread maps, touches, unmaps, and sleeps until its next request: pages=N a call (1)",
                    CallLoop.munmapStorm(1, 200).computeNanos(10_000).sleepNanos(20_000)),
            loop("mprotect-churn", "every thread write-protects memory that all read: pages=N a call (1)",
                    CallLoop.mprotectChurn(1, 100)),
            loop("discard-loop",
                    "every thread writes a page, drops it by MADV_DONTNEED and reads it: pages=N a call (1)",
                    CallLoop.discardLoop(300, false).computeNanos(1_000))));

    private MemoryWorkloads() {}

    /** {@return all of them, by name} */
    public static Registry<MemoryWorkload> registry() {
        return REGISTRY;
    }

    private static Registration<MemoryWorkload> loop(String name, String description, CallLoop usual) {
        return new Registration<>(name, LAB + description,
                List.of(PAGES, CALLS, "threads", "pause", "sleep", READS, "flush-every"),
                given -> new Jittered(changed(given, usual).named(name)));
    }

    private static CallLoop changed(Parameters given, CallLoop usual) {
        ThreadStep.Call step = usual.step();
        int pages = given.getInt(PAGES, step.pages(), 1, PAGES_MOST);
        int flushEvery = given.getInt("flush-every", pages, 1, PAGES_MOST);
        if (flushEvery > pages) {
            throw given.invalid("flush-every must be at most the " + pages + " pages of a call, not " + flushEvery);
        }
        return new CallLoop(usual.name(),
                new ThreadStep.Call(step.call(), pages, flushEvery, step.touchedByAll(), step.lruLocked()),
                given.getInt("threads", usual.callers(), 0, ShootdownSpec.CPUS_MOST),
                given.getInt(CALLS, usual.calls(), 1, MANY), usual.faults(),
                given.getParsed("pause", usual.computeNanos(), Durations::parseNanos),
                given.getParsed("sleep", usual.sleepNanos(), Durations::parseNanos),
                given.getInt(READS, usual.readsAmong(), 0, MANY));
    }

    private static MemoryWorkload compaction(Parameters given) {
        return new Jittered(new HeapCompaction(given.name(), given.getInt(PAGES, 64, 1, PAGES_MOST),
                given.getInt(CALLS, 60, 1, MANY), given.getInt(READS, READ_PAGES, 0, MANY)));
    }
}
