package io.faultline.source;

import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/**
 * The page sources that come with Faultline.
 *
 * <p>A method that is given all a source needs opens it; one that leaves the memory's size or the seed to the machine
 * returns a {@link SourceSpec}, which each run opens for itself.
 */
public final class PageSources {
    private static final Registry<SourceSpec> REGISTRY = new Registry<>("source", List.of(
            new Registration<>("file", "a raw image, read by position: file:PATH,fill=error|zero|repeat",
                    List.of("path", "fill"),
                    p -> file(path(p.requireText("path", "FILE")), p.getChoice("fill", ImageFill.ERROR))),
            new Registration<>("memory", "a raw image, held in memory: memory:PATH,fill=error|zero|repeat",
                    List.of("path", "fill"),
                    p -> loaded(path(p.requireText("path", "FILE")), p.getChoice("fill", ImageFill.ERROR))),
            new Registration<>("synthetic",
                    "contents computed from the page's number and a seed: synthetic:seed=N (the run's unless told)",
                    List.of("seed"), p -> {
                        long seed = p.getLong("seed", 0);
                        return p.isGiven("seed") ? shape -> synthetic(seed) : synthetic();
                    }),
            Registration.plain("zero", "pages of zeros", shape -> zero())));

    private PageSources() {}

    /** Returns every source that can be chosen by name. */
    public static Registry<SourceSpec> registry() {
        return REGISTRY;
    }

    /**
     * A raw image at least as long as the memory.
     *
     * @param image byte n of the file is byte n of the memory
     */
    public static SourceSpec file(Path image) {
        return file(image, ImageFill.ERROR);
    }

    /**
     * A raw image.
     *
     * @param image byte n of the file is byte n of the memory
     * @param fill what it means when the file is shorter than the memory
     */
    public static SourceSpec file(Path image, ImageFill fill) {
        return shape -> file(image, fill, shape.memoryBytes());
    }

    /**
     * Opens a raw image.
     *
     * @param image byte n of the file is byte n of the memory
     * @param fill what it means when the file is shorter than the memory
     * @param memoryBytes how much memory it must cover
     * @throws InvalidInputException when it does not exist, is no file, cannot be read or is too short
     */
    public static PageSource file(Path image, ImageFill fill, long memoryBytes) {
        return FileSource.open(image, fill, memoryBytes);
    }

    /**
     * The caller's memory, at least as long as the guest's.
     *
     * @param image stays alive and unchanged while a source is open; accessible to every thread
     */
    public static SourceSpec memory(MemorySegment image) {
        return memory(image, ImageFill.ERROR);
    }

    /**
     * The caller's memory.
     *
     * @param image stays alive and unchanged while a source is open; accessible to every thread
     * @param fill what it means when it is shorter than the guest's memory
     */
    public static SourceSpec memory(MemorySegment image, ImageFill fill) {
        return shape -> memory(image, fill, shape.memoryBytes());
    }

    /**
     * The caller's array.
     *
     * @param image not copied, and to be left unchanged while a source is open
     * @param fill what it means when it is shorter than the guest's memory
     */
    public static SourceSpec memory(byte[] image, ImageFill fill) {
        return memory(MemorySegment.ofArray(image), fill);
    }

    /**
     * Opens the caller's memory.
     *
     * @param image stays alive and unchanged while the source is open; accessible to every thread
     * @param fill what it means when it is shorter than the guest's memory
     * @param memoryBytes how much memory it must cover
     * @throws InvalidInputException when it is too short
     */
    public static PageSource memory(MemorySegment image, ImageFill fill, long memoryBytes) {
        return new MemorySource(image, fill, memoryBytes);
    }

    /** Contents computed from the page's number and the run's seed. */
    public static SourceSpec synthetic() {
        return shape -> synthetic(shape.seed());
    }

    /**
     * Opens contents computed from the page's number and a seed.
     *
     * @param seed any
     */
    public static PageSource synthetic(long seed) {
        return new SyntheticSource(seed);
    }

    /** Opens pages of zeros. */
    public static PageSource zero() {
        return new ZeroSource();
    }

    private static SourceSpec loaded(Path image, ImageFill fill) {
        return shape -> MemorySource.load(image, fill, shape.memoryBytes());
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("image \"" + text + "\" is no path: " + e.getReason(), e);
        }
    }
}
