package io.faultline.actors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;
import io.faultline.ring.PageHold;
import org.jspecify.annotations.Nullable;

/**
 * The requests that keep something from reuse until their release (frames, pages, the virtual ranges that pages were moved
 * out of), and who is short of what. Belongs to the shootdown.
 */
final class Unreleased {
    private record Kept(FlushRequest request, @Nullable PageHold hold) {}

    private final Map<Long, Kept> kept = new LinkedHashMap<>();
    /** The fetchers that are short of ranges. */
    private final BitSet wanting = new BitSet();

    /** A request is about to be made. */
    void add(FlushRequest request, @Nullable PageHold hold) {
        if (request.quarantinedPages() > 0 || hold != null) {
            kept.put(request.id(), new Kept(request, hold));
        }
    }

    /** What a request kept from reuse may be reused. */
    void released(FlushRequest request) {
        Kept ended = kept.remove(request.id());
        if (ended != null && ended.hold() != null) {
            ended.hold().release();
        }
    }

    /** A fetcher is short of ranges, or no longer. */
    void wanting(int fetcher, boolean wants) {
        wanting.set(fetcher, wants);
    }

    /** The requests that somebody is waiting for already, in the order they were made. */
    List<FlushRequest> wanted() {
        List<FlushRequest> wanted = new ArrayList<>();
        for (Kept one : kept.values()) {
            boolean ofFetcher = one.request().direction() == Direction.INTO_APP && !wanting.isEmpty();
            if (ofFetcher || (one.hold() != null && one.hold().isWanted())) {
                wanted.add(one.request());
            }
        }
        return wanted;
    }

    /** The requests that hold these pages back; none when theirs have not been made yet, or are released. */
    List<FlushRequest> of(PageHold hold) {
        return kept.values().stream().filter(one -> hold.equals(one.hold())).map(Kept::request).toList();
    }

    /** The requests that hold frames back. */
    List<FlushRequest> ofFrames() {
        return kept.values().stream().map(Kept::request).filter(request -> request.framesFreed() > 0).toList();
    }
}
