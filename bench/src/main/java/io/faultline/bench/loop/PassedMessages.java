package io.faultline.bench.loop;

/**
 * What has been passed in a run: says when to stop, and folds who got a message when, so that two loops can be seen to
 * have done the same.
 */
final class PassedMessages {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long wanted;
    private long passed;
    private long hash;

    /**
     * @param wanted after how many messages to stop passing them on
     */
    PassedMessages(long wanted) {
        this.wanted = wanted;
    }

    /**
     * One more was received.
     *
     * @return whether it is to be passed on
     */
    boolean received(int entity, long nowNanos) {
        hash = (hash ^ (nowNanos + entity)) * MULTIPLIER;
        return ++passed < wanted;
    }

    long passed() {
        return passed;
    }

    long hash() {
        return hash;
    }

    /** Whether all that were wanted have been passed. */
    boolean isDone() {
        return passed >= wanted;
    }
}
