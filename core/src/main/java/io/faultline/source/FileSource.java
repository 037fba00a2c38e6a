package io.faultline.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.MemorySize;
import org.jspecify.annotations.Nullable;

/**
 * A raw image: byte n of the file is byte n of the memory. Read by position (pread), any number of threads at once; not
 * mapped, because a mapped file that shrinks takes the JVM's memory away under it, where a read answers short.
 *
 * <p>A thread that is interrupted in a read closes the file for all (that is how {@link FileChannel} is made): every
 * later read then fails, and says so.
 */
final class FileSource extends ImageSource {
    /** A {@link ByteBuffer} holds at most 2 GiB, less one byte. */
    private static final long LONGEST_VIEW_BYTES = 1L << 30;

    private final FileChannel channel;

    private FileSource(Path path, FileChannel channel, long imageBytes, ImageFill fill) {
        super("file " + path, imageBytes, fill);
        this.channel = channel;
    }

    static FileSource open(Path path, ImageFill fill, long memoryBytes) {
        if (!Files.exists(path)) {
            throw new InvalidInputException("image " + path + " does not exist");
        }
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(
                    "image " + path + (Files.isDirectory(path) ? " is a directory" : " is no regular file"));
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            long imageBytes = channel.size();
            checkLength(path, imageBytes, fill, memoryBytes);
            return new FileSource(path, channel, imageBytes, fill);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("image " + path + " cannot be read: permission denied", e);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new InvalidInputException("image " + path + " cannot be opened: " + e.getMessage(), e);
        } catch (InvalidInputException e) {
            closeAfter(e, channel);
            throw e;
        }
    }

    private static void checkLength(Path path, long imageBytes, ImageFill fill, long memoryBytes) {
        if (imageBytes == 0 && fill != ImageFill.ZERO) {
            throw new InvalidInputException("image " + path + " is empty");
        }
        if (imageBytes < memoryBytes && fill == ImageFill.ERROR) {
            throw new InvalidInputException("image " + path + " has " + new MemorySize(imageBytes)
                    + ", less than the memory's " + new MemorySize(memoryBytes)
                    + ": give less memory, or say how to fill the rest (zero or repeat)");
        }
    }

    private static void closeAfter(Exception failure, @Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    @Override
    long readImage(long imageOffset, MemorySegment into, long intoOffset, long bytes) throws IOException {
        long done = 0;
        while (done < bytes) {
            int piece = (int) Math.min(bytes - done, LONGEST_VIEW_BYTES);
            ByteBuffer view = into.asSlice(intoOffset + done, piece).asByteBuffer();
            while (view.hasRemaining()) {
                if (channel.read(view, imageOffset + done + view.position()) < 0) {
                    return done + view.position();
                }
            }
            done += piece;
        }
        return done;
    }

    @Override
    public boolean blocking() {
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + name(), e);
        }
    }
}
