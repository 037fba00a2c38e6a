package io.faultline.lab;

import io.faultline.schedule.Schedule;

/** Which world a command runs in. */
sealed interface WorldChoice {
    /** Threads of this machine. */
    record Threads() implements WorldChoice {}

    /**
     * The real kernel of this machine.
     *
     * @param spinNanos how long its event loops look again and again before they wait
     */
    record Linux(long spinNanos) implements WorldChoice {}

    /**
     * Deterministic virtual time.
     *
     * @param seed of the schedule
     * @param schedule in which order the loop runs what is ready
     */
    record Virtual(long seed, Schedule schedule) implements WorldChoice {}
}
