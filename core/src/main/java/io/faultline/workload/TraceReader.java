package io.faultline.workload;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.units.Counts;

/**
 * Reads what {@code valgrind --tool=lackey --trace-mem=yes} prints, plain or compressed by gzip, which is told by the
 * first two bytes (RFC 1952) and not by the name.
 *
 * <p>The lines, from lackey's manual and lk_main.c: {@code I} fetches an instruction, {@code L} loads, {@code S} stores
 * and {@code M} modifies, that is, loads and stores the same bytes in one instruction; then an address in hexadecimal,
 * a comma, and how many bytes. Here
 * <ul>
 * <li>{@code I} and {@code L} are reads, {@code S} is a write;
 * <li>{@code M} is one write: a processor asks for write permission when it loads for a modification, so it faults at
 * most once, as a write, and a write of Faultline's is itself a read, an addition and a store;
 * <li>bytes on both sides of a page's end are an access to each of the pages;
 * <li>nothing is merged: one line is one access per page, so hits and misses come in the program's own proportion.
 * </ul>
 */
final class TraceReader {
    /** 1 GiB of them in memory. */
    static final int MOST_ACCESSES = 1 << 28;

    /** Lackey itself stops at 512 (MAX_DSIZE). */
    private static final int LARGEST_ACCESS_BYTES = 4096;

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int SHOWN_BYTES = 60;
    /** Where the address begins: behind the kind's two columns and a space. */
    private static final int ADDRESS_COLUMN = 3;
    private static final int ADDRESS_DIGITS_MOST = 16;

    private final Path file;
    private final TraceLines lines;
    private final PageSize pageSize;
    private final Trace.Builder trace;

    private TraceReader(Path file, TraceLines lines, PageSize pageSize, int mostAccesses) {
        this.file = file;
        this.lines = lines;
        this.pageSize = pageSize;
        trace = new Trace.Builder(mostAccesses);
    }

    static Trace read(Path file, PageSize pageSize) {
        return read(file, pageSize, MOST_ACCESSES);
    }

    static Trace read(Path file, PageSize pageSize, int mostAccesses) {
        if (!Files.exists(file)) {
            throw new InvalidInputException("trace " + file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new InvalidInputException("trace " + file + " is a directory");
        }
        try (TraceLines lines = open(file)) {
            return new TraceReader(file, lines, pageSize, mostAccesses).read();
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("trace " + file + " cannot be read: permission denied", e);
        } catch (EOFException e) {
            throw new InvalidInputException(
                    "trace " + file + " breaks off within its compressed data: it was not written to its end", e);
        } catch (IOException e) {
            throw new InvalidInputException("trace " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TraceLines open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        try {
            raw.mark(2);
            int magic = raw.read() << Byte.SIZE | raw.read();
            raw.reset();
            return new TraceLines(magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private Trace read() throws IOException {
        while (lines.next()) {
            if (!isBlank() && !isValgrinds()) {
                readAccess();
            }
        }
        Trace whole = trace.build();
        if (whole.length() == 0) {
            throw new InvalidInputException("trace " + file + " is empty: it has " + Counts.format(lines.number())
                    + " lines and no access in them; record one by valgrind --tool=lackey --trace-mem=yes");
        }
        return whole;
    }

    private boolean isBlank() {
        for (int i = 0; i < lines.length(); i++) {
            if (lines.at(i) != ' ' && lines.at(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Tells whether it is one of valgrind's own lines: {@code ==pid== text}, or {@code --pid-- text} when verbose. */
    private boolean isValgrinds() {
        byte sign = lines.at(0);
        int column = 2;
        while (isDigit(lines.at(column))) {
            column++;
        }
        return (sign == '=' || sign == '-') && lines.at(1) == sign && column > 2 && lines.at(column) == sign
                && lines.at(column + 1) == sign;
    }

    private void readAccess() {
        boolean write = isWrite();
        int comma = ADDRESS_COLUMN;
        long address = 0;
        while (Character.digit(lines.at(comma), 16) >= 0) {
            address = address << 4 | Character.digit(lines.at(comma), 16);
            comma++;
        }
        int digits = comma - ADDRESS_COLUMN;
        if (digits == 0 || digits > ADDRESS_DIGITS_MOST || lines.at(comma) != ',') {
            throw badLine();
        }
        int bytes = readBytes(comma + 1);
        long last = address + bytes - 1;
        if (Long.compareUnsigned(last, address) < 0) {
            throw badLine();
        }
        long lastPage = last >>> pageSize.shift();
        for (long page = address >>> pageSize.shift(); page <= lastPage; page++) {
            if (trace.isFull()) {
                throw invalid("more accesses than the " + Counts.format(trace.mostAccesses())
                        + " that can be held: cut the trace there");
            }
            trace.add(page, write);
        }
    }

    private boolean isWrite() {
        byte first = lines.at(0);
        byte second = lines.at(1);
        if (lines.at(2) == ' ') {
            if ((first == 'I' && second == ' ') || (first == ' ' && second == 'L')) {
                return false;
            }
            if (first == ' ' && (second == 'S' || second == 'M')) {
                return true;
            }
        }
        throw badLine();
    }

    private int readBytes(int start) {
        int bytes = 0;
        int column = start;
        while (isDigit(lines.at(column)) && bytes <= LARGEST_ACCESS_BYTES) {
            bytes = bytes * 10 + lines.at(column) - '0';
            column++;
        }
        if (column != lines.length() || bytes < 1 || bytes > LARGEST_ACCESS_BYTES) {
            throw badLine();
        }
        return bytes;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    private InvalidInputException badLine() {
        return invalid("\"" + lines.text(SHOWN_BYTES) + "\" is no access: one looks like \" L 1ffeffe7e0,8\", with I, "
                + "L, S or M, an address in hexadecimal, and 1 to " + LARGEST_ACCESS_BYTES + " bytes");
    }

    private InvalidInputException invalid(String problem) {
        return new InvalidInputException("trace " + file + ", line " + lines.number() + ": " + problem);
    }
}
