package io.faultline.bench.ring;

import java.util.List;

import io.faultline.bench.measure.Measurement;
import io.faultline.bench.measure.Spread;

/**
 * What one entry did over all rounds.
 *
 * @param entry who and what
 * @param rounds a measurement each, in order
 */
record RingResult(RingEntry entry, List<Measurement> rounds) {
    RingResult {
        rounds = List.copyOf(rounds);
    }

    Spread perSecond() {
        return Spread.of(rounds.stream().mapToDouble(Measurement::perSecond).toArray());
    }

    double accessesPerSecond() {
        return Spread.of(rounds.stream().mapToDouble(Measurement::accessesPerSecond).toArray()).median();
    }

    double faultedShare() {
        return Spread.of(rounds.stream().mapToDouble(Measurement::faultedShare).toArray()).median();
    }

    double haltedMean() {
        return Spread.of(rounds.stream().mapToDouble(Measurement::haltedMean).toArray()).median();
    }

    double cpuNanosPerFault() {
        return Spread.of(rounds.stream().mapToDouble(Measurement::cpuNanosPerFault).toArray()).median();
    }

    /** This median as a multiple of another's. */
    double ratioTo(RingResult other) {
        return perSecond().median() / other.perSecond().median();
    }
}
