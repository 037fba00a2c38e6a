package io.faultline.examples;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;

/**
 * A page source that keeps each base page deflated and inflates it when it is read. Thread-safe, as a source must be:
 * nothing is written after construction, and each read has an inflater of its own.
 */
final class CompressedImage implements PageSource {
    private static final int PAGE_BYTES = (int) PageSize.BASE_BYTES;

    private final byte[][] deflatedPages;

    CompressedImage(byte[] image) {
        deflatedPages = new byte[image.length / PAGE_BYTES][];
        for (int page = 0; page < deflatedPages.length; page++) {
            deflatedPages[page] = deflate(Arrays.copyOfRange(image, page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
        }
    }

    private static byte[] deflate(byte[] bytes) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] deflated = new byte[bytes.length + 64];
            return Arrays.copyOf(deflated, deflater.deflate(deflated));
        }
    }

    /** Breaks a page, so that reading it fails from now on; call it before the image is used. */
    void damage(int page) {
        deflatedPages[page] = Arrays.copyOf(deflatedPages[page], deflatedPages[page].length / 2);
    }

    @Override
    public String name() {
        return "compressed image";
    }

    // snippet: read
    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        long firstBasePage = firstPage * destination.pageSize().basePages();
        byte[] page = new byte[PAGE_BYTES];
        for (int index = 0; index < destination.basePages(); index++) {
            try (Inflater inflater = new Inflater()) {
                inflater.setInput(deflatedPages[Math.toIntExact(firstBasePage + index)]);
                if (inflater.inflate(page) != PAGE_BYTES) {
                    return ReadResult.failed("base page " + (firstBasePage + index) + " ends too soon");
                }
            } catch (DataFormatException damaged) {
                return ReadResult.failed("base page " + (firstBasePage + index) + ": " + damaged.getMessage());
            }
            MemorySegment.copy(MemorySegment.ofArray(page), 0, destination.bytes(), (long) index * PAGE_BYTES,
                    PAGE_BYTES);
        }
        return ReadResult.ok(destination.pages());
    }

    /** It computes, but never waits: reading it may be done by the thread that asks. */
    @Override
    public boolean blocking() {
        return false;
    }
    // end snippet

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
