package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.faultline.flush.FlushCommand;
import org.jspecify.annotations.Nullable;

/**
 * What the fetchers' CPUs were asked to flush and have not done yet. Kept outside the fetchers, so that the replacement of
 * one that died answers for it: its TLB is empty by then.
 *
 * <p>
 * Threading: the shootdown adds, each CPU takes what is for it.
 */
final class HostSignals {
    /** No broadcast: an interrupt, to be acknowledged by its ticket. */
    static final long NO_BROADCAST = -1;

    /** One command, by interrupt or by broadcast. */
    record Signal(FlushCommand command, long broadcast) {}

    private final List<Queue<Signal>> signals = new ArrayList<>();

    HostSignals(int fetchers) {
        for (int fetcher = 0; fetcher < fetchers; fetcher++) {
            signals.add(new ConcurrentLinkedQueue<>());
        }
    }

    /** Adds a command; the fetcher has to be told {@link PageFetcher.Interrupt} then. */
    void add(int fetcher, FlushCommand command, long broadcast) {
        signals.get(fetcher).add(new Signal(command, broadcast));
    }

    /** Takes the command that has waited longest, or null. */
    @Nullable
    Signal take(int fetcher) {
        return signals.get(fetcher).poll();
    }
}
