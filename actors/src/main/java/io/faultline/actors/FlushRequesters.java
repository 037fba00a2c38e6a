package io.faultline.actors;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

import io.faultline.actors.TlbShootdown.Flush;
import io.faultline.actors.TlbShootdown.Flushed;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for which flush, and of what he has not been told yet: that he may go on, that what he holds back may be
 * reused; each once. Belongs to the shootdown.
 */
final class FlushRequesters {
    private record Requester(@Nullable FlushAnswer<?> atComplete, FlushAnswer<?> atRelease, EnumSet<Flushed> untold) {}

    private final Map<Long, Requester> requesters = new HashMap<>();

    /** A request was made. */
    void add(long id, Flush flush) {
        requesters.put(id, new Requester(flush.atComplete(), flush.atRelease(), EnumSet.allOf(Flushed.class)));
    }

    /**
     * The policy says how far a request is.
     *
     * @return false when it has said so before
     */
    boolean answer(long id, Flushed how, Outbox out) {
        Requester requester = requesters.get(id);
        if (requester == null || !requester.untold().remove(how)) {
            return false;
        }
        if (requester.untold().isEmpty()) {
            requesters.remove(id);
        }
        FlushAnswer<?> answer = how == Flushed.COMPLETE ? requester.atComplete() : requester.atRelease();
        if (answer != null) {
            answer.send(out);
        }
        return true;
    }
}
