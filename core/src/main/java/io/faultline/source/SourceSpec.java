package io.faultline.source;

/**
 * A page source that is yet to be opened: a value that several runs can share, where an open source belongs to one.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface SourceSpec {
    /**
     * Opens it; the caller closes it.
     *
     * @param shape what it must cover
     * @return a new source
     * @throws io.faultline.registry.InvalidInputException when it does not exist, cannot be read or is too short
     */
    PageSource open(SourceShape shape);
}
