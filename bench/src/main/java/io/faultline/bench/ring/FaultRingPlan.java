package io.faultline.bench.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.faultline.bench.measure.Entrant;
import io.faultline.bench.peer.ExecutorPeer;
import io.faultline.bench.peer.JobShape;
import io.faultline.lab.JsonTarget;
import io.faultline.machine.PageContents;
import io.faultline.registry.InvalidInputException;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;

/**
 * A benchmark whose every option has been read and found right.
 *
 * @param entries who runs in each round, in the order of the first
 * @param rounds how many
 * @param budgetNanos no round begins that would not end within it
 * @param options as they were given
 * @param json where the figures go
 */
record FaultRingPlan(List<RingEntry> entries, int rounds, long budgetNanos, FaultRingOptions options,
        JsonTarget json) {
    private static final int DEFAULT_ROUNDS = 3;
    /** Of the four minutes; the rest is for what takes longer than the round before. */
    private static final long DEFAULT_BUDGET_NANOS = 215_000_000_000L;
    private static final List<Integer> SCALES = List.of(100, 10_000, 1_000_000);
    private static final int LARGE_SCALE = 1_000_000;
    /** A vCPU that faulted only once would measure how actors begin. */
    private static final int ACCESSES_PER_VCPU_LEAST = 4;
    private static final MemorySize LARGE_SCALE_HEAP = MemorySize.gibibytes(8);

    /**
     * Reads and checks every option, the one that touches files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static FaultRingPlan of(FaultRingOptions options) {
        int rounds = options.rounds == null ? DEFAULT_ROUNDS : options.rounds;
        atLeastOne("--rounds", rounds);
        atLeastOne("--vcpus", options.vcpus);
        atLeastOne("--accesses", options.accesses);
        List<RingEntry> entries = new Entering(options).entries();
        long budgetNanos = options.rounds == null ? DEFAULT_BUDGET_NANOS : Long.MAX_VALUE;
        return new FaultRingPlan(entries, rounds, budgetNanos, options, JsonTarget.of("--json", options.json));
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new InvalidInputException(option + " must be at least 1, not " + value);
        }
    }

    /** Makes the entries of a plan. */
    private static final class Entering {
        private final FaultRingOptions options;
        private final PageContents contents;
        private final ExecutorPeer.Pool pool;
        private final MemorySize heap;
        private final List<String> times;

        Entering(FaultRingOptions options) {
            this.options = options;
            this.contents = choice("--contents", options.contents, PageContents.values());
            this.pool = choice("--executor", options.executor, ExecutorPeer.Pool.values());
            this.heap = parsed("--heap", options.heap, MemorySize::parsePositive);
            parsed("--warm-up", options.warmUp, Durations::parseNanos);
            parsed("--measure", options.measure, Durations::parsePositiveNanos);
            this.times = List.of(options.warmUp, options.measure);
        }

        List<RingEntry> entries() {
            List<RingEntry> all = new ArrayList<>();
            int[] modes = Arrays.stream(options.sharing).distinct().toArray();
            for (int sharing : modes) {
                JobShape shape = shape(options.vcpus, sharing, "--sharing " + sharing);
                for (RingContender contender : RingContender.values()) {
                    if (!contender.isBare() || sharing == modes[0]) {
                        all.add(entry(contender, shape, false));
                    }
                }
            }
            for (int vcpus : SCALES) {
                boolean asked = vcpus < LARGE_SCALE || options.scale || isNamed("at-" + vcpus);
                if (asked) {
                    all.add(entry(RingContender.OURS, shape(vcpus, 1, "--accesses"), true));
                }
            }
            refuseUnknownNames();
            return all.stream().filter(entry -> options.contenders == null || isNamed(name(entry))).toList();
        }

        private JobShape shape(int vcpus, int sharing, String option) {
            try {
                return new JobShape(vcpus, sharing, Math.max(ACCESSES_PER_VCPU_LEAST, options.accesses / vcpus),
                        contents, options.inFlight);
            } catch (InvalidInputException e) {
                throw new InvalidInputException(option + ": " + e.getMessage(), e);
            }
        }

        private RingEntry entry(RingContender contender, JobShape shape, boolean isScale) {
            String job = isScale || contender.isBare()
                    ? ""
                    : shape.sharing() == 1 ? ", private pages"
                    : ", " + shape.sharing() + " vCPUs a page";
            String title = contender.title() + (isScale ? " at " + shape.vcpus() + " vCPUs" : job);
            boolean large = shape.vcpus() >= LARGE_SCALE && heap.compareTo(LARGE_SCALE_HEAP) < 0;
            return new RingEntry(contender, shape, isScale, new Entrant(title,
                    List.of(contender.text(shape, pool), times.getFirst(), times.getLast()),
                    large ? LARGE_SCALE_HEAP : heap));
        }

        private static String name(RingEntry entry) {
            return entry.isScale() ? "at-" + entry.shape().vcpus() : entry.contender().key();
        }

        private boolean isNamed(String name) {
            return options.contenders != null && List.of(options.contenders).contains(name);
        }

        private void refuseUnknownNames() {
            List<String> known = new ArrayList<>();
            Arrays.stream(RingContender.values()).map(RingContender::key).forEach(known::add);
            SCALES.forEach(vcpus -> known.add("at-" + vcpus));
            if (options.contenders != null) {
                for (String name : options.contenders) {
                    if (!known.contains(name)) {
                        throw new InvalidInputException(
                                "--contenders: \"" + name + "\" is not one of " + String.join(", ", known));
                    }
                }
            }
        }

        private static <T> T parsed(String option, String text, Function<String, T> parser) {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new InvalidInputException(option + ": " + e.getMessage(), e);
            }
        }

        private static <E extends Enum<E>> E choice(String option, String text, E[] values) {
            for (E value : values) {
                if (RingContender.written(value).equals(text)) {
                    return value;
                }
            }
            throw new InvalidInputException(option + " must be one of "
                    + Arrays.stream(values).map(RingContender::written).collect(Collectors.joining(", ")) + ", not \""
                    + text + "\"");
        }
    }
}
