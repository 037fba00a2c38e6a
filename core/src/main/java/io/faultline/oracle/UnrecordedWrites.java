package io.faultline.oracle;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The last write to each frame that went through a stale translation, so that no dirty bit was set for it. */
final class UnrecordedWrites {
    private final TreeMap<Long, Write> byFrame = new TreeMap<>();

    private final Watchlist watchlist;

    UnrecordedWrites(Watchlist watchlist) {
        this.watchlist = watchlist;
    }

    record Write(long frame, int cpu, int asid, long address) {}

    void add(long frame, int cpu, int asid, long address) {
        if (byFrame.put(frame, new Write(frame, cpu, asid, address)) == null) {
            watchlist.held(frame, 1);
        }
    }

    void forget(long first, long basePages) {
        if (!byFrame.isEmpty()) {
            var forgotten = among(first, basePages);
            forgotten.keySet().forEach(frame -> watchlist.letGo(frame, 1));
            forgotten.clear();
        }
    }

    /** Tells of one of those to any of the frames, if there is one. */
    void ifAny(long first, long basePages, Consumer<Write> found) {
        among(first, basePages).values().stream().findFirst().ifPresent(found);
    }

    private Map<Long, Write> among(long first, long basePages) {
        return byFrame.subMap(first, first + basePages);
    }
}
