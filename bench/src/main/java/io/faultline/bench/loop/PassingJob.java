package io.faultline.bench.loop;

import io.faultline.registry.InvalidInputException;

/**
 * The job both loops do: entities pass messages to each other, each after a delay of its own. As many messages are on
 * their way as there are entities, so that many events are pending at any time. Who passes to whom, and after how long,
 * is drawn by each entity from its own seed.
 *
 * @param entities how many, at least 1
 * @param events how many are to happen in a run, at least twice as many
 */
record PassingJob(int entities, long events) {
    /** Delays are drawn from 1 to this: few fall on the same instant. */
    static final int DELAY_NANOS_MAX = 100_000;

    PassingJob {
        if (entities < 1) {
            throw new InvalidInputException("entities must be at least 1, not " + entities);
        }
        if (events < 2L * entities) {
            throw new InvalidInputException(
                    "events must be at least twice the " + entities + " entities, not " + events);
        }
    }
}
