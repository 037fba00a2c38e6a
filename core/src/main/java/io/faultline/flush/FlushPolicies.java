package io.faultline.flush;

import java.util.List;

import io.faultline.registry.Registration;
import io.faultline.registry.Registry;
import io.faultline.units.Durations;

/** The flush policies that can be chosen by name: one line each. */
public final class FlushPolicies {
    private static final int RING_DEFAULT_RANGES = 64;
    private static final Registry<FlushPolicy> REGISTRY = new Registry<>("flush policy", List.of(
            new Registration<>("strict", "every change flushed before its requester goes on, as Linux on x86 (P1)",
                    List.of("ceiling"),
                    given -> strict(given.getInt("ceiling", StrictPolicy.CEILING_DEFAULT_PAGES, 0, 1 << 20))),
            new Registration<>("ring",
                    "moves into the application's range flushed when K ranges wait, the rest strictly: ring:size=K (64)",
                    List.of("size", "timeout", "ceiling"),
                    given -> new RingPolicy(given.getInt("size", RING_DEFAULT_RANGES, 1, 1 << 20),
                            given.getParsed("timeout", RingPolicy.UNTIL_FULL, Durations::parsePositiveNanos),
                            strict(given.getInt("ceiling", StrictPolicy.CEILING_DEFAULT_PAGES, 0, 1 << 20))))));

    private FlushPolicies() {}

    /** {@return all of them, by name} */
    public static Registry<FlushPolicy> registry() {
        return REGISTRY;
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
