package io.faultline.lab.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Tracks for what overlaps, as the reads of one fetcher do: each takes the lowest free lane when it begins and gives it
 * back when it ends. There are as many as overlapped at most.
 */
final class Lanes {
    private final int pid;
    private final int firstTid;
    private final IntFunction<String> namer;
    private final List<Track> tracks = new ArrayList<>();
    private final BitSet taken = new BitSet();
    private final Map<Long, Integer> laneOf = new HashMap<>();

    /**
     * @param pid the process of all of them
     * @param firstTid the first lane's thread; the others follow
     * @param namer names a lane by its index
     */
    Lanes(int pid, int firstTid, IntFunction<String> namer) {
        this.pid = pid;
        this.firstTid = firstTid;
        this.namer = namer;
    }

    /** Takes a lane for something that has none. */
    Track take(long key, TraceEventWriter writer) throws IOException {
        int lane = taken.nextClearBit(0);
        taken.set(lane);
        laneOf.put(key, lane);
        if (lane == tracks.size()) {
            Track track = new Track(pid, firstTid + lane);
            tracks.add(track);
            writer.nameTrack(track, namer.apply(lane));
        }
        return tracks.get(lane);
    }

    /** Gives back the lane of something, if it has one. */
    @Nullable
    Track give(long key) {
        Integer lane = laneOf.remove(key);
        if (lane == null) {
            return null;
        }
        taken.clear(lane);
        return tracks.get(lane);
    }

    /** The lanes still taken. */
    List<Track> taken() {
        return taken.stream().mapToObj(tracks::get).toList();
    }
}
