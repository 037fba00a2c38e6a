package io.faultline.source;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/**
 * A source over an image of some length: what lies beyond the image's end, and tokens made from bytes. Reads allocate
 * nothing that lasts.
 */
abstract class ImageSource implements PageSource {
    private final String name;
    private final long imageBytes;
    private final ImageFill fill;
    private final PageTokens tokens = new PageTokens();

    ImageSource(String name, long imageBytes, ImageFill fill) {
        this.name = name;
        this.imageBytes = imageBytes;
        this.fill = fill;
    }

    /**
     * Copies a part of the image that lies inside its length as it was opened.
     *
     * @return how many bytes were copied: fewer than asked only when the image has become shorter
     * @throws IOException when it cannot be read
     */
    abstract long readImage(long imageOffset, MemorySegment into, long intoOffset, long bytes) throws IOException;

    final long imageBytes() {
        return imageBytes;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final ReadResult read(long firstPage, PageBuffer destination) {
        int shift = destination.pageSize().shift();
        long memoryOffset = firstPage << shift;
        assert firstPage >= 0 && memoryOffset >> shift == firstPage : "page " + firstPage;
        long bytesAsked = (long) destination.pages() << shift;
        long bytesRead;
        try {
            bytesRead = destination.isTokens()
                    ? readTokens(memoryOffset, destination)
                    : readMemory(memoryOffset, destination.bytes(), bytesAsked);
        } catch (IOException e) {
            return ReadResult.failed(name + ": " + e);
        }
        if (bytesRead == bytesAsked) {
            return ReadResult.ok(destination.pages());
        }
        return ReadResult.ended((int) (bytesRead >>> shift), name + ": no bytes at " + (memoryOffset + bytesRead)
                + " and beyond (it had " + imageBytes + " when it was opened)");
    }

    /** Returns how many bytes' worth of tokens was made. */
    private long readTokens(long memoryOffset, PageBuffer destination) throws IOException {
        MemorySegment scratch = tokens.borrowScratch();
        try {
            long bytesAsked = destination.basePages() << PageSize.BASE_SHIFT;
            long done = 0;
            while (done < bytesAsked) {
                long piece = Math.min(scratch.byteSize(), bytesAsked - done);
                long read = readMemory(memoryOffset + done, scratch, piece);
                int whole = (int) (read >>> PageSize.BASE_SHIFT);
                for (int i = 0; i < whole; i++) {
                    int basePage = (int) (done >>> PageSize.BASE_SHIFT) + i;
                    destination.token(basePage, PageTokens.of(scratch, (long) i << PageSize.BASE_SHIFT));
                }
                done += (long) whole << PageSize.BASE_SHIFT;
                if (read < piece) {
                    break;
                }
            }
            return done;
        } finally {
            tokens.giveBack(scratch);
        }
    }

    /** Fills the segment's first bytes with the memory's, and returns how many of them there were. */
    private long readMemory(long memoryOffset, MemorySegment into, long bytes) throws IOException {
        if (fill == ImageFill.REPEAT) {
            return readRepeated(memoryOffset % imageBytes, into, bytes);
        }
        long inside = Math.clamp(imageBytes - memoryOffset, 0, bytes);
        long read = inside == 0 ? 0 : readImage(memoryOffset, into, 0, inside);
        if (read == inside && fill == ImageFill.ZERO) {
            into.asSlice(inside, bytes - inside).fill((byte) 0);
            return bytes;
        }
        return read;
    }

    private long readRepeated(long start, MemorySegment into, long bytes) throws IOException {
        long imageOffset = start;
        long done = 0;
        // At most two reads: to the image's end, and from its beginning to where we started.
        while (done < bytes && done < imageBytes) {
            long piece = Math.min(imageBytes - Math.max(imageOffset, done), bytes - done);
            long read = readImage(imageOffset, into, done, piece);
            done += read;
            if (read < piece) {
                return done;
            }
            imageOffset = 0;
        }
        // From here on the bytes are those one or more image lengths before: a small image is not read again and again.
        while (done < bytes) {
            long wholeImages = done / imageBytes * imageBytes;
            long piece = Math.min(wholeImages, bytes - done);
            MemorySegment.copy(into, done - wholeImages, into, done, piece);
            done += piece;
        }
        return done;
    }
}
