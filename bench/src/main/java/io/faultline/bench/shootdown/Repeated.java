package io.faultline.bench.shootdown;

import io.faultline.shootdown.ShootdownResult;
import io.faultline.shootdown.ShootdownSpec;

/** Runs an experiment as often as asked: in virtual time all runs must agree. */
final class Repeated {
    private Repeated() {}

    /**
     * Runs it.
     *
     * @throws IllegalStateException when two runs differ
     */
    static ShootdownResult run(ShootdownSpec spec, int rounds) {
        ShootdownResult first = spec.run();
        for (int round = 1; round < rounds; round++) {
            ShootdownResult again = spec.run();
            if (!again.equals(first)) {
                throw new IllegalStateException("round " + (round + 1) + " gave " + again + ", the first " + first
                        + ": in virtual time they must not differ");
            }
        }
        return first;
    }
}
