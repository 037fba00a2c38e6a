package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs an experiment twice: in virtual time both must give the same, to the nanosecond. */
final class Twice {
    private Twice() {}

    static ShootdownResult run(ShootdownSpec spec) {
        ShootdownResult first = spec.run();
        assertThat(spec.run()).as("the second run of %s", spec).isEqualTo(first);
        assertThat(first.violations()).as("of %s", spec).isEmpty();
        return first;
    }
}
