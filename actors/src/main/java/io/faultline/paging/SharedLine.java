package io.faultline.paging;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.world.Lane;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A cache line that many CPUs change with atomic operations, one after the other. How long a change takes depends on
 * who made the last one: the same CPU, one of the same last-level cache, or one further away. A line that has come to a
 * cache serves those that wait there before it leaves, as hardware does; caches are served in the order they asked.
 *
 * <p>So a line that all CPUs share is slowest when each CPU that wants it is in another cache, and gets faster as more
 * of them wait in one. Not thread-safe: it belongs to the loop.
 */
final class SharedLine {
    private record Change(int cpu, ActorRef<Object> who, Object done) {}

    private final WorldContext world;
    private final Lane lane;
    private final List<ArrayDeque<Change>> waitingByCache = new ArrayList<>();
    private final long localNanos;
    private final long nearNanos;
    private final long farNanos;
    private int lastCpu = -1;
    private int lastCache = -1;

    SharedLine(WorldContext world, CostProfile profile, String name, int caches) {
        this.world = world;
        this.lane = world.lane(name);
        this.localNanos = profile.nanos(Operation.LINE_LOCAL);
        this.nearNanos = profile.nanos(Operation.LINE_NEAR);
        this.farNanos = profile.nanos(Operation.LINE_FAR);
        for (int cache = 0; cache < caches; cache++) {
            waitingByCache.add(new ArrayDeque<>(0));
        }
    }

    /**
     * Changes the line.
     *
     * @param cpu which CPU does
     * @param cache which last-level cache that CPU has
     * @param who is told when it is done
     * @param done what it is told
     */
    @SuppressWarnings("unchecked")
    <M> void change(int cpu, int cache, ActorRef<M> who, M done) {
        ArrayDeque<Change> waiting = waitingByCache.get(cache);
        waiting.add(new Change(cpu, (ActorRef<Object>) who, done));
        if (waiting.size() == 1) {
            lane.run(_ -> serve(cache));
        }
    }

    private long serve(int cache) {
        long nanos = 0;
        ArrayDeque<Change> waiting = waitingByCache.get(cache);
        for (Change change = waiting.poll(); change != null; change = waiting.poll()) {
            nanos += moveNanos(change.cpu(), cache);
            world.deliverAfter(nanos, change.who(), change.done());
        }
        return nanos;
    }

    private long moveNanos(int cpu, int cache) {
        long nanos = cpu == lastCpu ? localNanos : cache == lastCache ? nearNanos : farNanos;
        lastCpu = cpu;
        lastCache = cache;
        return nanos;
    }
}
