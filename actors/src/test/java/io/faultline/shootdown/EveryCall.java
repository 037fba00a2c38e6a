package io.faultline.shootdown;

import java.util.List;

import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * Each of the first CPUs makes calls of one kind, with pauses of several kinds; the others read.
 *
 * @param calls of each
 */
record EveryCall(int calls) implements MemoryWorkload {
    @Override
    public String name() {
        return "every-call";
    }

    private List<CallLoop> loops() {
        return List.of(CallLoop.munmapStorm(2, calls), CallLoop.mprotectChurn(40, calls),
                CallLoop.movesIn(1, calls), CallLoop.movesOut(8, calls).sleepNanos(30_000),
                CallLoop.discardLoop(calls, true),
                CallLoop.of(MemoryCall.MOVE_IN, 8, calls).pagesPerFlush(2).sleepNanos(10_000));
    }

    @Override
    public @Nullable ThreadScript script(int cpu, int cpus, SplitMix random) {
        var loops = loops();
        return cpu < loops.size() ? loops.get(cpu).callers(0).script(cpu, cpus, random) : null;
    }

    @Override
    public @Nullable ThreadScript background(int cpu, int cpus, SplitMix random) {
        return CallLoop.movesIn(1, 1).background(cpu, cpus, random);
    }
}
