package io.faultline.lab.sweep;

import io.faultline.shootdown.ShootdownResult;
import org.jspecify.annotations.Nullable;

/**
 * A run that is over.
 *
 * @param point which
 * @param result what it gave; null when it broke off
 * @param broke why it broke off, in one line; null when it did not
 */
public record SweepRun(SweepPoint point, @Nullable ShootdownResult result, @Nullable String broke) {
    /** {@return what speaks against the policy: the first violation of its contract, or why the run broke off; or null} */
    public @Nullable String complaint() {
        if (result == null) {
            return "broke off: " + broke;
        }
        if (result.flush().violations() == 0) {
            return null;
        }
        return result.violations().isEmpty() ? result.flush().violations() + " violations"
                : result.violations().getFirst();
    }
}
