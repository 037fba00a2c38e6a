package io.faultline.explore;

import org.jspecify.annotations.Nullable;

/**
 * What came of exploring one variant of a scenario.
 *
 * @param race the scenario's name
 * @param variant which of its protocols
 * @param seeds how many were tried: all, or up to the first that broke an invariant
 * @param finding what the last of them showed; null when everything held
 */
public record Exploration(String race, Variant variant, int seeds, @Nullable Finding finding) {
    /** {@return how many of the seeds broke an invariant} */
    public int violating() {
        return finding == null ? 0 : 1;
    }
}
