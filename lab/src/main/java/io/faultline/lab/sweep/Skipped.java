package io.faultline.lab.sweep;

/**
 * A combination of the plan that does not fit together, so that nothing is run.
 *
 * @param scene where
 * @param policy which
 * @param reason why, in a few words
 */
public record Skipped(Scene scene, String policy, String reason) {}
