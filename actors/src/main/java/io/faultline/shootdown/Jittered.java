package io.faultline.shootdown;

import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * A workload whose threads compute for half as long to one and a half times as long as the one below says, evenly drawn:
 * threads that all do the same at the same time meet at the same places for ever, which no real ones do, and no other seed
 * would show.
 *
 * @param steady what they do
 */
record Jittered(MemoryWorkload steady) implements MemoryWorkload {
    @Override
    public String name() {
        return steady.name();
    }

    @Override
    public @Nullable ThreadScript script(int cpu, int cpus, SplitMix random) {
        return jittered(steady.script(cpu, cpus, random), random);
    }

    @Override
    public @Nullable ThreadScript background(int cpu, int cpus, SplitMix random) {
        return jittered(steady.background(cpu, cpus, random), random);
    }

    private static @Nullable ThreadScript jittered(@Nullable ThreadScript script, SplitMix random) {
        return script == null ? null : () -> switch (script.next()) {
            case ThreadStep.Compute(long nanos) -> new ThreadStep.Compute((long) (nanos * (0.5 + random.nextDouble())));
            case null -> null;
            case ThreadStep other -> other;
        };
    }
}
