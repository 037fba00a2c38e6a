package io.faultline.bench.ring;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.faultline.bench.measure.Entrant;
import io.faultline.bench.measure.Measurement;

/**
 * Everything measured.
 *
 * @param all in the plan's order
 */
record RingResults(List<RingResult> all) {
    RingResults {
        all = List.copyOf(all);
    }

    static RingResults of(FaultRingPlan plan, Map<Entrant, List<Measurement>> measured) {
        return new RingResults(plan.entries()
                .stream()
                .map(entry -> new RingResult(entry, measured.getOrDefault(entry.entrant(), List.of())))
                .toList());
    }

    /** How many rounds there were in the end. */
    int rounds() {
        return all.isEmpty() ? 0 : all.getFirst().rounds().size();
    }

    /** Which numbers of vCPUs a page were measured. */
    List<Integer> modes() {
        return all.stream()
                .filter(result -> !result.entry().isScale())
                .map(result -> result.entry().shape().sharing())
                .distinct()
                .toList();
    }

    /** Who did the job with so many vCPUs a page, and the bare rings, which have no pages. */
    List<RingResult> inMode(int sharing) {
        return all.stream()
                .filter(result -> !result.entry().isScale())
                .filter(result -> result.entry().contender().isBare()
                        || result.entry().shape().sharing() == sharing)
                .toList();
    }

    Optional<RingResult> inMode(int sharing, RingContender contender) {
        return inMode(sharing).stream().filter(result -> result.entry().contender() == contender).findFirst();
    }

    List<RingResult> scales() {
        return all.stream().filter(result -> result.entry().isScale()).toList();
    }
}
