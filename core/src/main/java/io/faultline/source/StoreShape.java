package io.faultline.source;

/**
 * What a store is opened for.
 *
 * @param memoryBytes how much memory's pages it must have room for
 * @param tokens whether the pages' contents are tokens, not bytes
 */
public record StoreShape(long memoryBytes, boolean tokens) {
    public StoreShape {
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException("memoryBytes must be more than 0, not " + memoryBytes);
        }
    }
}
