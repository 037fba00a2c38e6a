package io.faultline.source;

import java.nio.file.Path;

/** The page stores that come with Faultline. */
public final class PageStores {
    private PageStores() {}

    /**
     * A sparse file in the folder for temporary files; tokens, which are small, stay in memory. Nothing of it is left
     * behind when it is closed, nor, where files can be deleted while they are open, when the JVM is killed.
     */
    public static StoreSpec temporaryFile() {
        return shape -> shape.tokens() ? tokens(shape.memoryBytes()) : FileStore.open(null, shape.memoryBytes());
    }

    /**
     * As {@link #temporaryFile()}, in another folder.
     *
     * @param folder exists; best on a file system that knows sparse files
     */
    public static StoreSpec temporaryFile(Path folder) {
        return shape -> shape.tokens() ? tokens(shape.memoryBytes()) : FileStore.open(folder, shape.memoryBytes());
    }

    /**
     * Opens a store of tokens in memory: 8 bytes per page, in parts that come into being when first written.
     *
     * @param memoryBytes how much memory's pages it has room for
     */
    public static PageStore tokens(long memoryBytes) {
        return new TokenStore(memoryBytes);
    }

    /**
     * Puts a store in front of a source: pages that the store holds are read from it, the others from the source.
     *
     * @param store where pages were saved
     * @param source where all pages came from at first
     * @return a source that closes both
     */
    public static PageSource over(PageStore store, PageSource source) {
        return new StoreOverSource(store, source);
    }
}
