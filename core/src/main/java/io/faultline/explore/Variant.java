package io.faultline.explore;

import java.util.Locale;

/** Which of a scenario's two protocols is played. */
public enum Variant {
    /** With the bug: some schedule breaks an invariant. */
    BROKEN,
    /** With its fix: no schedule does. */
    FIXED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
