package io.faultline.race;

import org.jspecify.annotations.Nullable;

/** A lock that one thread holds at a time: a page-table lock, {@code mmap_lock} for writing, a page lock. */
public final class RaceLock {
    private final String name;
    private @Nullable RaceThread holder;

    RaceLock(String name) {
        this.name = name;
    }

    /** {@return the step of taking it, blocked while another has it; interrupts are taken meanwhile} */
    public RaceStep lock() {
        return thread -> thread.when("lock " + name, () -> holder == null, () -> holder = thread);
    }

    /** {@return the step of giving it back} */
    public RaceStep unlock() {
        return thread -> thread.when("unlock " + name, () -> true, () -> {
            if (holder != thread) {
                throw new IllegalStateException(thread.name() + " does not hold " + name);
            }
            holder = null;
        });
    }

    /** {@return whether somebody has it} */
    public boolean isHeld() {
        return holder != null;
    }
}
