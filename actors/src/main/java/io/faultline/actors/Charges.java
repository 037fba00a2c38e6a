package io.faultline.actors;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.time.SplitMix;
import io.faultline.world.Lane;
import io.faultline.world.WorldContext;

/**
 * What the machine's operations are charged: its cost profile in virtual time, nothing elsewhere, where they cost time by
 * themselves. Not thread-safe unless it is free.
 */
final class Charges {
    private static final long SPREAD_SALT = 0xC057L;
    private static final int SHOOTDOWN_CPU = 0;

    private final boolean free;
    private final CostProfile profile;
    private final SplitMix random;
    private final Lane mmLock;
    private final WorldContext world;
    private final long accessNanos;

    Charges(CostProfile profile, WorldContext world) {
        this.free = !world.isVirtual() || profile.isFree();
        this.world = world;
        this.profile = profile;
        this.random = world.random(SPREAD_SALT);
        this.mmLock = world.lane("mm-lock");
        this.accessNanos = free ? 0 : profile.nanos(Operation.ACCESS);
    }

    /** Whether nothing costs anything: then nobody need ask. */
    boolean isFree() {
        return free;
    }

    /** What every access costs; without a spread, because that would cost more than the access. */
    long accessNanos() {
        return accessNanos;
    }

    /** What one operation costs this time. */
    long of(Operation operation) {
        if (free) {
            return 0;
        }
        Cost cost = profile.cost(operation);
        if (cost.spreadNanos() == 0) {
            return cost.nanos();
        }
        long width = 2 * cost.spreadNanos() + 1;
        return cost.nanos() - cost.spreadNanos() + Math.unsignedMultiplyHigh(random.nextLong(), width);
    }

    /**
     * What one interrupt costs whoever sends it: the shootdown, which works on the first socket.
     *
     * @param isFirst
     *            whether it is the first that is sent together
     * @param cpu
     *            the target, by its place in the machine
     */
    long interrupt(boolean isFirst, int cpu) {
        long nanos = of(isFirst ? Operation.IPI : Operation.IPI_TARGET);
        return profile.isFar(SHOOTDOWN_CPU, cpu) ? nanos + of(Operation.IPI_FAR) : nanos;
    }

    /** What so many of an operation cost. */
    long of(Operation operation, long count) {
        return count == 1 ? of(operation) : count * of(operation);
    }

    /** Nanoseconds until the mm lock, which all memslots take, has been taken and given back so often. */
    long mmLock(int times) {
        return free ? 0 : mmLock.take(of(Operation.MM_LOCK, times));
    }

    /** Nanoseconds until a spinlock has been held for so long; one that has to be waited for costs more. */
    long hold(Lane lock, long nanos) {
        boolean waits = lock.freeAtNanos() > world.clock().nanos();
        return lock.take(waits ? nanos + of(Operation.LOCK_HANDOFF) : nanos);
    }
}
