package io.faultline.cost;

import java.util.Set;

/**
 * What one operation costs.
 *
 * @param nanos nanoseconds, at least 0
 * @param spreadNanos how far a single one may be from that, evenly to both sides: from 0 to {@code nanos}
 * @param source where the figure came from
 * @param tags how it came from there
 */
public record Cost(long nanos, long spreadNanos, String source, Set<SourceTag> tags) {
    /** The longest cost a profile may state: an hour. */
    public static final long NANOS_MAX = 3_600_000_000_000L;

    /** Nothing, for a world without a profile. */
    static final Cost FREE = new Cost(0, 0, "no profile", Set.of());

    public Cost {
        assert nanos >= 0 && nanos <= NANOS_MAX : nanos + " ns";
        assert spreadNanos >= 0 && spreadNanos <= nanos : nanos + " ns, spread " + spreadNanos + " ns";
        tags = Set.copyOf(tags);
    }
}
