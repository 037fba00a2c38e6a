package io.faultline.shootdown;

import org.jspecify.annotations.Nullable;

/** What one thread does, step by step. Asked on the loop's thread; must be deterministic. */
@FunctionalInterface
public interface ThreadScript {
    /** {@return the next step, or null when the thread is done: it then computes in user mode for ever} */
    @Nullable
    ThreadStep next();
}
