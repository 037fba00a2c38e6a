package io.faultline.shootdown;

import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/** What the threads of the machine do, one to each CPU. Immutable, so that the same workload can be run again. */
public interface MemoryWorkload {
    /** {@return what the user calls it} */
    String name();

    /**
     * Makes the script of a thread whose end the run waits for.
     *
     * @param cpu where it runs
     * @param cpus how many there are
     * @param random of this thread
     * @return its script, or null for a thread of no such
     */
    @Nullable
    ThreadScript script(int cpu, int cpus, SplitMix random);

    /**
     * Makes the script of a thread that goes on until the others are done.
     *
     * @param cpu where it runs, one without a {@link #script}
     * @param cpus how many there are
     * @param random of this thread
     * @return its script; null, the default, for one that computes in user mode all the time
     */
    @Nullable
    default ThreadScript background(int cpu, int cpus, SplitMix random) {
        return null;
    }
}
