package io.faultline.lab.stress;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a report cannot know of its run.
 *
 * @param headline lines that say what was run, the first of which names it
 * @param again the command line that runs it again
 * @param options in the order to be shown, defaults filled in
 * @param oracle whether the safety oracle watched
 * @param version of Faultline
 */
public record WhatWasRun(List<String> headline, String again, Map<String, ?> options, boolean oracle,
        String version) {
    /** Copies what it is given. */
    public WhatWasRun {
        headline = List.copyOf(headline);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options)); // keeps the order
    }
}
