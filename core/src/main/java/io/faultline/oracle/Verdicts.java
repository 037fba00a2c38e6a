package io.faultline.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Words violations, counts them all and keeps the first of each invariant. */
final class Verdicts {
    private static final int KEPT_PER_INVARIANT = 32;

    private final long seed;
    private final List<Violation> kept = new ArrayList<>();
    private final Map<Invariant, Long> counts = new EnumMap<>(Invariant.class);

    Verdicts(long seed) {
        this.seed = seed;
    }

    /** Adds a violation that is about no translation. */
    void add(Invariant invariant, String what, int asid, long page, long frame, List<Integer> cpus, long nowNanos) {
        if (counts.merge(invariant, 1L, Long::sum) <= KEPT_PER_INVARIANT) {
            String text =
                    String.format(Locale.ROOT, "%s: CPU %s %s: page 0x%x of address space %d, seen at %d ns, seed %d",
                            invariant, cpus, what, page, asid, nowNanos, seed);
            kept.add(new Violation(invariant, asid, page, frame, cpus, Violation.NEVER, Violation.NEVER,
                    Violation.NEVER, nowNanos, seed, text));
        }
    }

    void add(Invariant invariant, String what, int[] slots, Translations translations, long nowNanos) {
        if (counts.merge(invariant, 1L, Long::sum) <= KEPT_PER_INVARIANT) {
            kept.add(worded(invariant, what, slots, translations, nowNanos));
        }
    }

    long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    List<Violation> all() {
        return List.copyOf(kept);
    }

    /** The translations may be of several pages; the page named is the first one's, the CPUs are all of them. */
    private Violation worded(
            Invariant invariant, String what, int[] slots, Translations translations, long nowNanos) {
        int first = slots[0];
        long page = translations.page(first);
        List<Integer> cpus = Arrays.stream(slots).map(translations::cpu).sorted().distinct().boxed().toList();
        long filled = Arrays.stream(slots).mapToLong(translations::filledNanos).min().orElseThrow();
        long changed = translations.staleNanos(first);
        long flushed = translations.coveredNanos(first);
        String text = String.format(Locale.ROOT,
                "%s: CPU %s %s: page 0x%x of address space %d, frame %d, filled at %d ns, %s, %s, seen at %d ns, seed %d",
                invariant, cpus, what, Translations.address(page), Translations.asid(page), translations.frame(first),
                filled, time("mapping changed", changed), time("flush reported done", flushed), nowNanos,
                seed);
        return new Violation(invariant, Translations.asid(page), Translations.address(page), translations.frame(first),
                cpus, filled, changed, flushed, nowNanos, seed, text);
    }

    private static String time(String what, long nanos) {
        return nanos == Violation.NEVER ? what + " never" : what + " at " + nanos + " ns";
    }
}
