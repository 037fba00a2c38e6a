package io.faultline.source;

/**
 * A page store that is yet to be opened: a value that several runs can share, where an open store belongs to one.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface StoreSpec {
    /**
     * Opens it, empty; the caller closes it.
     *
     * @param shape what it must have room for
     * @return a new store
     * @throws io.faultline.registry.InvalidInputException when it cannot be made
     */
    PageStore open(StoreShape shape);
}
