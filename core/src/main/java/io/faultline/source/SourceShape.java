package io.faultline.source;

/**
 * What a source is opened for.
 *
 * @param memoryBytes how much memory it must cover
 * @param seed of the run
 */
public record SourceShape(long memoryBytes, long seed) {
    public SourceShape {
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException("memoryBytes must be more than 0, not " + memoryBytes);
        }
    }
}
