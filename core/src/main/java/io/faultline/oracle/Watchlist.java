package io.faultline.oracle;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What can be asked of a {@link SamplingOracle} without its lock: whether any translation it knows of, or any write it has
 * noted, is of a frame; and whether a CPU holds any translation that is not true any more. Changed under the lock, read by
 * any thread. Who reads too early misses something; what follows from a yes is decided under the lock.
 */
class Watchlist {
    /** Of an oracle that is never asked. */
    static final Watchlist NONE = new Watchlist();

    void held(long frame, long basePages) {}

    void letGo(long frame, long basePages) {}

    void suspected(int cpu) {}

    void cleared(int cpu) {}

    /** One that counts. */
    static final class Counted extends Watchlist {
        private static final int BUCKETS = 1 << 16;
        private static final int MOST_PROBES = 64;

        private final int frameShift;
        /** By the lowest bits of the number of what one page takes: so neighbours do not share a bucket. */
        private final AtomicIntegerArray frames = new AtomicIntegerArray(BUCKETS);
        private final AtomicIntegerArray suspects;

        /**
         * @param frameShift how many frames a page has, as a power of two
         */
        Counted(int cpus, int frameShift) {
            this.frameShift = frameShift;
            this.suspects = new AtomicIntegerArray(cpus);
        }

        @Override
        void held(long frame, long basePages) {
            for (long page = first(frame); page <= last(frame, basePages); page++) {
                frames.incrementAndGet(bucket(page));
            }
        }

        @Override
        void letGo(long frame, long basePages) {
            for (long page = first(frame); page <= last(frame, basePages); page++) {
                int left = frames.decrementAndGet(bucket(page));
                assert left >= 0 : "frame " + frame + " let go more often than held";
            }
        }

        @Override
        void suspected(int cpu) {
            suspects.incrementAndGet(cpu);
        }

        @Override
        void cleared(int cpu) {
            int left = suspects.decrementAndGet(cpu);
            assert left >= 0 : "CPU " + cpu + " cleared more often than suspected";
        }

        boolean isAnyHeld(long frame, long basePages) {
            long last = last(frame, basePages);
            if (last - first(frame) >= MOST_PROBES) {
                return true;
            }
            for (long page = first(frame); page <= last; page++) {
                if (frames.get(bucket(page)) != 0) {
                    return true;
                }
            }
            return false;
        }

        boolean isSuspect(int cpu) {
            return suspects.get(cpu) != 0;
        }

        private long first(long frame) {
            return frame >>> frameShift;
        }

        private long last(long frame, long basePages) {
            return (frame + basePages - 1) >>> frameShift;
        }

        private static int bucket(long page) {
            return (int) page & (BUCKETS - 1);
        }
    }
}
