package io.faultline.bench.peer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * The pages on their way, each with the future that whoever needs it waits on: one fetch a page, however many fault on
 * it. As in the kernel, who faults never fetches: it halts, and another task fetches, installs and wakes. Thread-safe.
 */
final class PendingPages {
    private final ConcurrentHashMap<Long, CompletableFuture<Void>> arrivals = new ConcurrentHashMap<>();
    private final PeerMemory memory;
    private final Executor fetchers;

    PendingPages(PeerMemory memory, Executor fetchers) {
        this.memory = memory;
        this.fetchers = fetchers;
    }

    /** The arrival of a page that was found absent, or null when it has come meanwhile. */
    @Nullable
    CompletableFuture<Void> arrivalOf(long page) {
        return arrivals.computeIfAbsent(page, this::beginFetch);
    }

    /** Looks again: a page is installed before its future is removed, so what is not in the map may be present. */
    private @Nullable CompletableFuture<Void> beginFetch(Long page) {
        return memory.isPresent(page) ? null : CompletableFuture.runAsync(() -> fetch(page), fetchers);
    }

    private void fetch(Long page) {
        memory.fetch(page);
        arrivals.remove(page);
    }
}
