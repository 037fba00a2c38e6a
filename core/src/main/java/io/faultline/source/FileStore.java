package io.faultline.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in a file, each page where it is in the memory, so that the file is sparse: only pages that were saved take room.
 * Written and read by position (pwrite, pread), any number of threads at once.
 *
 * <p>A thread that is interrupted meanwhile closes the file for all, as with {@link FileSource}.
 */
final class FileStore extends TrackingStore {
    /** A {@link ByteBuffer} holds at most 2 GiB, less one byte. */
    private static final long LONGEST_VIEW_BYTES = 1L << 30;

    private final FileChannel channel;

    private FileStore(Path file, FileChannel channel, long memoryBytes) {
        super("temporary file " + file, memoryBytes, false);
        this.channel = channel;
    }

    /**
     * @param folder null for the system's
     */
    static FileStore open(@Nullable Path folder, long memoryBytes) {
        try {
            Path file = folder == null
                    ? Files.createTempFile("faultline-", ".pages")
                    : Files.createTempFile(folder, "faultline-", ".pages");
            return new FileStore(file, open(file), memoryBytes);
        } catch (IOException e) {
            throw new InvalidInputException("a temporary file for evicted pages cannot be made in "
                    + (folder == null ? System.getProperty("java.io.tmpdir") : folder) + ": " + e, e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            // On Unix the JDK unlinks such a file as soon as it is open (sun.nio.fs.UnixChannelFactory), so it is gone
            // with the process, however that ends.
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    void save(long firstBasePage, PageBuffer source) throws IOException {
        MemorySegment bytes = source.bytes();
        for (long done = 0; done < bytes.byteSize();) {
            ByteBuffer view = view(bytes, done);
            long start = (firstBasePage << PageSize.BASE_SHIFT) + done;
            while (view.hasRemaining()) {
                channel.write(view, start + view.position());
            }
            done += view.limit();
        }
    }

    @Override
    void load(long firstBasePage, PageBuffer destination) throws IOException {
        MemorySegment bytes = destination.bytes();
        for (long done = 0; done < bytes.byteSize();) {
            ByteBuffer view = view(bytes, done);
            long start = (firstBasePage << PageSize.BASE_SHIFT) + done;
            while (view.hasRemaining()) {
                if (channel.read(view, start + view.position()) < 0) {
                    throw new IOException("it ends at byte " + (start + view.position()) + ", before what was saved");
                }
            }
            done += view.limit();
        }
    }

    private static ByteBuffer view(MemorySegment bytes, long from) {
        return bytes.asSlice(from, Math.min(bytes.byteSize() - from, LONGEST_VIEW_BYTES)).asByteBuffer();
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
