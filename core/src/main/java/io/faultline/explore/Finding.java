package io.faultline.explore;

/**
 * A seed under which an invariant broke.
 *
 * @param seed of the schedule
 * @param breach what broke
 * @param found the run as the seed made it
 * @param shortest the plainest run found that breaks the same invariant
 */
public record Finding(long seed, Breach breach, Performance found, Performance shortest) {}
