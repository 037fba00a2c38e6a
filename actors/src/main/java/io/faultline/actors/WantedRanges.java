package io.faultline.actors;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;

/**
 * The virtual ranges that pages were moved out of and that wait for their release, and which fetchers are short of them.
 * Belongs to the shootdown.
 */
final class WantedRanges {
    private final Map<Long, FlushRequest> unreleased = new LinkedHashMap<>();
    private final BitSet wanting = new BitSet();

    /** A request was made. */
    void add(FlushRequest request) {
        if (request.direction() == Direction.INTO_APP) {
            unreleased.put(request.id(), request);
        }
    }

    /** What a request kept from reuse may be reused. */
    void released(FlushRequest request) {
        unreleased.remove(request.id());
    }

    /** A fetcher is short of ranges, or no longer. */
    void wanting(int fetcher, boolean wants) {
        wanting.set(fetcher, wants);
    }

    /** The requests whose ranges somebody is short of, in the order they were made. */
    List<FlushRequest> wanted() {
        return wanting.isEmpty() ? List.of() : List.copyOf(unreleased.values());
    }
}
