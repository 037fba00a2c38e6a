package io.faultline.workload;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a trace, one after the other, without an object per line: there are millions. Not thread-safe.
 *
 * <p>Of a line longer than {@link #LONGEST_BYTES} only the beginning is kept, so that a file without line breaks, which
 * is no trace, fills no memory before that is noticed.
 */
final class TraceLines implements Closeable {
    /** Far longer than an access; valgrind's own lines, which repeat the command, may be any length. */
    static final int LONGEST_BYTES = 1 << 12;

    private static final int CHUNK_BYTES = 1 << 16;

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] line = new byte[LONGEST_BYTES];
    private int chunkPosition;
    private int chunkEnd;
    private int length;
    private long number;

    /**
     * @param in becomes this object's own
     */
    TraceLines(InputStream in) {
        this.in = in;
    }

    /** Moves to the next line; false when there is none. */
    boolean next() throws IOException {
        length = 0;
        if (chunkPosition == chunkEnd && !fill()) {
            return false;
        }
        number++;
        do {
            while (chunkPosition < chunkEnd) {
                byte next = chunk[chunkPosition++];
                if (next == '\n') {
                    dropCarriageReturn();
                    return true;
                }
                if (length < LONGEST_BYTES) {
                    line[length++] = next;
                }
            }
        } while (fill());
        return true;
    }

    private boolean fill() throws IOException {
        chunkPosition = 0;
        chunkEnd = Math.max(0, in.read(chunk));
        return chunkEnd > 0;
    }

    private void dropCarriageReturn() {
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
    }

    /** Returns the present line's length in bytes, without its end. */
    int length() {
        return length;
    }

    /** Returns one of the present line's bytes, or a space behind its end. */
    byte at(int index) {
        return index < length ? line[index] : (byte) ' ';
    }

    /** Returns the present line's number, from 1; before the first line 0. */
    long number() {
        return number;
    }

    /** Returns the present line's beginning, fit to be printed. */
    String text(int mostBytes) {
        String text = new String(line, 0, Math.min(length, mostBytes), StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", "?") + (length > mostBytes ? "..." : "");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
