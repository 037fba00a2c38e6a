package io.faultline.bench.measure;

import java.util.List;

import io.faultline.units.MemorySize;

/**
 * A contender as one benchmark enters it: what to start, and how to call it.
 *
 * @param title for people
 * @param arguments of the child's main method
 * @param heap of its JVM
 */
public record Entrant(String title, List<String> arguments, MemorySize heap) {
    public Entrant {
        arguments = List.copyOf(arguments);
    }
}
