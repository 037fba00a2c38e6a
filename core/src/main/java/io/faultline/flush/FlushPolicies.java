package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Parameters;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;
import io.faultline.units.Durations;

/**
 * The flush policies that can be chosen by name: one line each. {@link #parse} also understands one policy over another and
 * policies of one's own.
 */
public final class FlushPolicies {
    private static final int RING_DEFAULT_RANGES = 64;
    private static final int MANY = 1 << 20;
    private static final String CEILING = "ceiling";
    private static final String SIZE = "size";
    private static final String TIMEOUT = "timeout";
    private static final String STALENESS = "staleness";
    private static final String AHEAD = "ahead";
    private static final String SWEEP = "sweep";

    private static final Registry<FlushPolicy> REGISTRY = new Registry<>("flush policy", List.of(
            flushing("strict", "every change flushed before its requester goes on, as Linux on x86 (P1)",
                    given -> strict(ceiling(given))),
            flushing("concurrent", "as strict, the own CPU flushed while the interrupts are on their way (P2)",
                    given -> new ConcurrentPolicy(ceiling(given))),
            layered("reclaim-batch",
                    "unmaps of a reclaim batch flushed at its end, before its frames are freed (P4): size=PAGES (32)",
                    List.of(SIZE), given -> new ReclaimBatchPolicy(
                            given.getInt(SIZE, ReclaimBatchPolicy.DEFAULT_PAGES, 1, MANY), strict(ceiling(given)))),
            layered("lazy", "idle CPUs not interrupted: they compare generations when they wake (P5)",
                    List.of(), given -> new LazyPolicy(strict(ceiling(given)))),
            flushing("broadcast",
                    "the hardware invalidates everywhere, one synchronisation per operation: INVLPGB, TLBI (P7)",
                    given -> new BroadcastPolicy(ceiling(given))),
            layered("paravirt", "preempted vCPUs not interrupted: the hypervisor flushes when they run again (P9)",
                    List.of(), given -> new ParavirtPolicy(strict(ceiling(given)))),
            new Registration<>("latr",
                    "unmaps logged, swept by every CPU at its tick; needs ticks (P11): size=RECORDS (64)",
                    List.of(SIZE, CEILING), given -> new LatrPolicy(
                            given.getInt(SIZE, LatrPolicy.DEFAULT_RECORDS, 1, MANY), ceiling(given))),
            new Registration<>("access-tracking",
                    "only CPUs that walked to the pages interrupted, none if nobody accessed them (P12): filter=BITS (4096)",
                    List.of("filter", CEILING), given -> new AccessTrackingPolicy(
                            given.getInt("filter", AccessTrackingPolicy.DEFAULT_FILTER_BITS, 64, 1 << 24),
                            ceiling(given))),
            layered("early-ack", "CPUs acknowledge on entry to the interrupt's handler, then flush (P13)",
                    List.of(), given -> new EarlyAckPolicy(strict(ceiling(given)))),
            layered("luf",
                    "read-only clean unmaps flushed only before their frames are used again (P15): pending=RANGES (4096)",
                    List.of("pending"), given -> new LufPolicy(
                            given.getInt("pending", LufPolicy.DEFAULT_PENDING, 1, MANY), strict(ceiling(given)))),
            layered("flush-queue", "unmaps wait in a queue of size=RANGES (256) for timeout=TIME (10ms) at most (P17)",
                    List.of(SIZE, TIMEOUT), given -> new FlushQueuePolicy(
                            given.getInt(SIZE, FlushQueuePolicy.DEFAULT_RANGES, 1, MANY),
                            given.getParsed(TIMEOUT, FlushQueuePolicy.DEFAULT_TIMEOUT_NANOS,
                                    Durations::parsePositiveNanos),
                            strict(ceiling(given)))),
            layered("per-call", "one flush for all changes of a call, at its end (P3, P19): size=PAGES (9690)",
                    List.of(SIZE), given -> new PerCallPolicy(
                            given.getInt(SIZE, PerCallPolicy.DEFAULT_PAGES, 1, MANY), strict(ceiling(given)))),
            layered("pipelined", "unmaps in batches of size=RANGES (64), depth=BATCHES (2) of them being flushed (P20)",
                    List.of(SIZE, "depth"), given -> new PipelinedPolicy(
                            given.getInt(SIZE, PipelinedPolicy.DEFAULT_RANGES, 1, MANY),
                            given.getInt("depth", PipelinedPolicy.DEFAULT_DEPTH, 1, MANY), strict(ceiling(given)))),
            layered("ring",
                    "moves into the application's range flushed when K ranges wait, the rest strictly: ring:size=K (64)",
                    List.of(SIZE, TIMEOUT),
                    given -> new RingPolicy(given.getInt(SIZE, RING_DEFAULT_RANGES, 1, MANY),
                            given.getParsed(TIMEOUT, RingPolicy.UNTIL_FULL, Durations::parsePositiveNanos),
                            strict(ceiling(given)))),
            new Registration<>("clairvoyant",
                    "the fewest interrupts that could do, a bound to compare with; only in virtual, which runs each seed "
                            + "twice: staleness=TIME (1ms), ahead=yes|no (yes), sweep=interrupts|ticks (interrupts)",
                    List.of(STALENESS, AHEAD, SWEEP, CEILING),
                    given -> new ClairvoyantPolicy(
                            given.getParsed(STALENESS, ClairvoyantPolicy.DEFAULT_STALENESS_NANOS,
                                    Durations::parseNanos),
                            given.getChoice(AHEAD, Ahead.YES) == Ahead.YES,
                            given.getChoice(SWEEP, Sweep.INTERRUPTS) == Sweep.TICKS, ceiling(given)))));

    private enum Ahead {
        YES, NO
    }

    private enum Sweep {
        INTERRUPTS, TICKS
    }

    private FlushPolicies() {}

    private static Registration<FlushPolicy> flushing(
            String name, String description, Function<Parameters, FlushPolicy> factory) {
        return new Registration<>(name, description, List.of(CEILING), factory);
    }

    /** Over strict flushing, whose ceiling it takes, unless it is written before another policy. */
    private static Registration<FlushPolicy> layered(
            String name, String description, List<String> keys, Function<Parameters, FlushPolicy> factory) {
        var all = new ArrayList<>(keys);
        all.add(CEILING);
        return new Registration<>(name, description, all, factory);
    }

    private static int ceiling(Parameters given) {
        return given.getInt(CEILING, StrictPolicy.CEILING_DEFAULT_PAGES, 0, MANY);
    }

    /** {@return all of them, by name} */
    public static Registry<FlushPolicy> registry() {
        return REGISTRY;
    }

    /**
     * Makes a policy from its name and parameters ({@code ring:size=64}), or several, each over the next
     * ({@code ring:size=64+paravirt+lazy:ceiling=8}). A name with a dot in it is that of a class on the class path, with a
     * public constructor that takes nothing, or what follows the colon as a string ({@code com.example.MyPolicy:7}).
     *
     * @param text as the user wrote it
     * @return the policy
     * @throws InvalidInputException when a name is unknown, a value does not fit, or two policies do not go together
     */
    public static FlushPolicy parse(String text) {
        int plus = text.indexOf('+');
        if (plus < 0) {
            return single(text);
        }
        FlushPolicy inner = parse(text.substring(plus + 1));
        FlushPolicy outer = single(text.substring(0, plus));
        if (inner instanceof RehearsedPolicy) {
            throw new InvalidInputException("flush policy \"" + text + "\": " + inner.name()
                    + " decides by itself when to flush, so nothing can stand over it; write it alone");
        }
        if (!(outer instanceof LayeredPolicy layered)) {
            throw new InvalidInputException("flush policy \"" + text + "\": " + outer.name()
                    + " flushes by itself, so nothing can follow it; write "
                    + (inner instanceof LayeredPolicy ? inner.name() + "+" + outer.name() : "only one of the two"));
        }
        if (text.substring(0, plus).contains(CEILING + '=')) {
            throw new InvalidInputException(
                    "flush policy \"" + text + "\": the ceiling is that of the policy that flushes, "
                            + inner.name() + ": write it behind that one");
        }
        try {
            return layered.over(inner);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("flush policy \"" + text + "\": " + e.getMessage(), e);
        }
    }

    private static FlushPolicy single(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        return name.contains(".") ? PolicyClass.load(name, colon < 0 ? null : text.substring(colon + 1))
                : REGISTRY.create(text);
    }

    /**
     * Flushes moves into the application's range together, everything else strictly.
     *
     * @param ranges how many of them a ring has room for
     * @return the policy
     */
    public static FlushPolicy ring(int ranges) {
        return new RingPolicy(ranges, RingPolicy.UNTIL_FULL, strict());
    }

    /** {@return strict flushing with Linux's ceiling of 33 pages} */
    public static FlushPolicy strict() {
        return strict(StrictPolicy.CEILING_DEFAULT_PAGES);
    }

    /**
     * Flushes every change before its requester goes on.
     *
     * @param ceilingPages the most pages to invalidate one by one
     * @return the policy
     */
    public static FlushPolicy strict(int ceilingPages) {
        return new StrictPolicy(ceilingPages);
    }
}
