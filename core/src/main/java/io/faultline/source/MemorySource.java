package io.faultline.source;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.MemorySize;

/** An image in memory that the caller keeps alive and unchanged while the source is open. */
final class MemorySource extends ImageSource {
    private final MemorySegment image;

    MemorySource(MemorySegment image, ImageFill fill, long memoryBytes) {
        super("memory of " + new MemorySize(image.byteSize()), image.byteSize(), fill);
        this.image = image;
        if (image.byteSize() == 0 && fill != ImageFill.ZERO) {
            throw new InvalidInputException("the image in memory is empty");
        }
        if (image.byteSize() < memoryBytes && fill == ImageFill.ERROR) {
            throw new InvalidInputException("the image in memory has " + new MemorySize(image.byteSize())
                    + ", less than the memory's " + new MemorySize(memoryBytes)
                    + ": give less memory, or say how to fill the rest (zero or repeat)");
        }
    }

    /** Reads as much of a file as the memory can need, once, and closes it. */
    static MemorySource load(Path path, ImageFill fill, long memoryBytes) {
        try (FileSource file = FileSource.open(path, fill, memoryBytes)) {
            MemorySegment image = Arena.ofAuto().allocate(Math.min(file.imageBytes(), memoryBytes), Long.BYTES);
            long read = file.readImage(0, image, 0, image.byteSize());
            return new MemorySource(image.asSlice(0, read), fill, memoryBytes);
        } catch (IOException e) {
            throw new InvalidInputException("image " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    long readImage(long imageOffset, MemorySegment into, long intoOffset, long bytes) throws IOException {
        try {
            MemorySegment.copy(image, imageOffset, into, intoOffset, bytes);
        } catch (WrongThreadException e) {
            throw new IOException("it belongs to one thread, but any thread reads: allocate it in a shared arena", e);
        } catch (IllegalStateException e) {
            throw new IOException("its arena is closed", e);
        }
        return bytes;
    }

    @Override
    public boolean blocking() {
        return false;
    }

    @Override
    public void close() {
        // The memory is the caller's.
    }
}
