package io.faultline.oracle;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The last write to each frame that went through a stale translation, so that no dirty bit was set for it. */
final class UnrecordedWrites {
    private final TreeMap<Long, Write> byFrame = new TreeMap<>();

    record Write(long frame, int cpu, int asid, long address) {}

    void add(long frame, int cpu, int asid, long address) {
        byFrame.put(frame, new Write(frame, cpu, asid, address));
    }

    void forget(long first, long basePages) {
        if (!byFrame.isEmpty()) {
            among(first, basePages).clear();
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
