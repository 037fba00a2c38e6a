package io.faultline.workload;

import java.util.List;

import io.faultline.registry.InvalidInputException;
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
     * Returns accesses by Zipf's law over all of the memory.
     *
     * @param exponent how unequal the pages are: more than 0 and at most 100; about 1 in many real systems
     * @throws InvalidInputException when it is outside that
     */
    public static Workload zipf(double exponent) {
        return new ZipfWorkload(exponent);
    }
}
