package io.faultline.actors;

import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.source.PageSource;

/**
 * A machine's page source with its blocking reads counted, so that it is closed when the machine has stopped and the last
 * read has come back, whichever is later. Thread-safe.
 */
final class OpenSource {
    private final PageSource source;
    /** Users: the machine itself, and every blocking read under way. */
    private final AtomicInteger users = new AtomicInteger(1);

    OpenSource(PageSource source) {
        this.source = source;
    }

    PageSource source() {
        return source;
    }

    /**
     * A blocking read begins, on the thread that reads: one that still waits for a thread when the world ends never gets
     * any. False when the machine has stopped and the source may be closed: then it must not be read.
     */
    boolean begin() {
        return users.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
    }

    /** A blocking read has come back, or the machine has stopped. */
    void end() {
        int left = users.decrementAndGet();
        assert left >= 0 : "a source was given back more often than it was used";
        if (left == 0) {
            source.close();
        }
    }
}
