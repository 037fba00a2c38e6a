package io.faultline.lab.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.registry.InvalidInputException;
import io.faultline.shootdown.ShootdownResult;
import org.jspecify.annotations.Nullable;

/**
 * A line of JSON for each run, below one that says whose they are. Every line is forced to the disk before the next is
 * written, so only the last can be half: it is cut off.
 */
final class FileJournal implements SweepJournal {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
    private static final String KIND = "faultline flush-lab 1";

    private final Path path;
    private final FileChannel channel;
    private final Map<Integer, SweepRun> runs = new LinkedHashMap<>();

    /** The first line. */
    private record Head(@Nullable String journal, @Nullable String sweep) {}

    /** Every other one. */
    private record Line(int run, @Nullable ShootdownResult result, @Nullable String broke) {}

    private FileJournal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static FileJournal open(Path path, SweepMatrix matrix) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        var journal = new FileJournal(path, channel);
        try {
            journal.lock();
            journal.read(matrix);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new InvalidInputException(path + ": another sweep is writing to it", e);
        }
        throw new InvalidInputException(path + ": another sweep is writing to it");
    }

    private void read(SweepMatrix matrix) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        String identity = SweepIdentity.of(matrix);
        int number = 0;
        int start = 0;
        for (int end = lineEnd(bytes, start); end >= 0; end = lineEnd(bytes, start)) {
            number++;
            String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            if (number == 1) {
                checkHead(line, identity);
            } else {
                add(line, number, matrix);
            }
            start = end + 1;
        }
        channel.truncate(start);
        channel.position(start);
        if (number == 0) {
            write(new Head(KIND, identity));
        }
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int index = from; index < bytes.length; index++) {
            if (bytes[index] == '\n') {
                return index;
            }
        }
        return -1;
    }

    private void checkHead(String line, String identity) {
        Head head;
        try {
            head = MAPPER.readValue(line, Head.class);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(path + " is no journal of flush-lab: move it away", e);
        }
        if (!KIND.equals(head.journal())) {
            throw new InvalidInputException(path + " is no journal of this version of flush-lab: move it away");
        }
        if (!identity.equals(head.sweep())) {
            throw new InvalidInputException(path + " is the journal of another sweep, which was not finished: finish"
                    + " that one as it was begun, delete the journal, or write elsewhere");
        }
    }

    private void add(String text, int number, SweepMatrix matrix) {
        Line line;
        try {
            line = MAPPER.readValue(text, Line.class);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(path + ", line " + number + ": damaged: delete the journal to begin anew",
                    e);
        }
        if (line.run() < 0 || line.run() >= matrix.points().size()
                || (line.result() == null) == (line.broke() == null)) {
            throw new InvalidInputException(
                    path + ", line " + number + ": run " + line.run() + " is not one of the sweep's");
        }
        runs.put(line.run(), new SweepRun(matrix.points().get(line.run()), line.result(), line.broke()));
    }

    @Override
    public Map<Integer, SweepRun> runs() {
        return runs;
    }

    @Override
    public void append(SweepRun run) throws IOException {
        write(new Line(run.point().index(), run.result(), run.broke()));
    }

    private void write(Object line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public String path() {
        return path.toString();
    }

    @Override
    public void delete() throws IOException {
        channel.close();
        Files.delete(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
