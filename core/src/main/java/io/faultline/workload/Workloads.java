package io.faultline.workload;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Parameters;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/** The workloads that come with Faultline: {@code Workloads.zipf(1.1).accesses(1_000_000).writeRatio(0.3)}. */
public final class Workloads {
    private static final Registry<Workload> REGISTRY = new Registry<>("workload", List.of(
            Registration.plain("sequential", "every vCPU walks its own contiguous share of the pages (the default)",
                    sequential()),
            Registration.plain("random", "every vCPU accesses any page, all equally likely", random()),
            new Registration<>("strided",
                    "every vCPU goes on by N pages at a time, round the memory: strided:N (64 unless told)",
                    List.of("stride"), p -> strided(p.getLong("stride", 64, 1, Long.MAX_VALUE))),
            new Registration<>("trace",
                    "every vCPU replays what valgrind's lackey recorded of a program, its reads and writes: trace:FILE",
                    List.of("file", "page"),
                    p -> trace(path(p), pageSize(p))),
            new Registration<>("zipf",
                    "hot and cold pages by Zipf's law, the same for every vCPU, spread by the seed: zipf:S (1 unless told)",
                    List.of("s"), p -> zipf(p.getDouble("s", 1)))));

    private Workloads() {}

    /** Returns every workload that can be chosen by name. */
    public static Registry<Workload> registry() {
        return REGISTRY;
    }

    /** Returns the default: every vCPU walks its own contiguous share of the pages, again and again. */
    public static Workload sequential() {
        return new SequentialWorkload();
    }

    /** Returns uniformly random accesses to all of the memory. */
    public static Workload random() {
        return new RandomWorkload();
    }

    /**
     * Returns accesses a fixed number of pages apart, which meet every page once before any page twice.
     *
     * @param stride in pages, at least 1
     * @throws InvalidInputException when it is less
     */
    public static Workload strided(long stride) {
        return new StridedWorkload(stride);
    }

    /**
     * Returns the accesses of a real program, recorded by {@code valgrind --tool=lackey --trace-mem=yes}. Its pages of
     * 4 KiB are numbered by first touch, each becomes one page of the memory, and every vCPU replays all of it.
     *
     * @param file as lackey printed it, or that compressed by gzip; read here and now, once
     * @throws InvalidInputException when it is missing, empty, too long, or has a line that is no access
     */
    public static Workload trace(Path file) {
        return trace(file, PageSize.SIZE_4K);
    }

    /**
     * Returns the accesses of a real program in pages of another size.
     *
     * @param file as for {@link #trace(Path)}
     * @param pageSize how much of the program's memory becomes one page, whatever that page's size is here
     * @throws InvalidInputException as for {@link #trace(Path)}
     */
    public static Workload trace(Path file, PageSize pageSize) {
        String name = "trace:" + file + (pageSize == PageSize.SIZE_4K ? "" : ",page=" + pageSize);
        return new TraceWorkload(name, TraceReader.read(file, pageSize), OptionalLong.empty());
    }

    /**
     * Returns accesses by Zipf's law over all of the memory.
     *
     * @param exponent how unequal the pages are: more than 0 and at most 100; about 1 in many real systems
     * @throws InvalidInputException when it is outside that
     */
    public static Workload zipf(double exponent) {
        return new ZipfWorkload(exponent);
    }

    private static Path path(Parameters parameters) {
        String text = parameters.requireText("file", "FILE");
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("trace \"" + text + "\" is no path: " + e.getReason(), e);
        }
    }

    private static PageSize pageSize(Parameters parameters) {
        try {
            return PageSize.parse(parameters.getText("page", PageSize.SIZE_4K.toString()));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("trace: " + e.getMessage(), e);
        }
    }
}
