package io.faultline.world.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import com.typesafe.config.Config;

/**
 * How the classes Pekko makes by name find the loop they belong to: through a number in their system's configuration.
 * There may be several loops in one JVM, each on a thread of its own or several on one.
 */
final class LoopRegistry {
    /** The configuration key that holds the number. */
    static final String KEY = "faultline.virtual.loop";

    private static final Map<Long, VirtualLoop> LOOPS = new ConcurrentHashMap<>();
    private static final AtomicLong LAST_ID = new AtomicLong();

    private LoopRegistry() {}

    static long register(VirtualLoop loop) {
        long id = LAST_ID.incrementAndGet();
        LOOPS.put(id, loop);
        return id;
    }

    static void remove(long id) {
        LOOPS.remove(id);
    }

    static VirtualLoop of(Config config) {
        long id = config.getLong(KEY);
        var loop = LOOPS.get(id);
        if (loop == null) {
            throw new IllegalStateException(KEY + " is " + id + ", but there is no such loop: only VirtualSystem"
                    + " may configure the virtual dispatcher and scheduler");
        }
        return loop;
    }
}
