package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.Arrays;

import io.faultline.oracle.SafetyOracle;

/** Two small address spaces over few frames, which are handed out again as soon as they may be. */
final class HarnessMemory {
    static final int SPACES = 2;
    static final int PAGES = 6;
    static final int MONITOR = 0;
    static final int APPLICATION = 1;

    private static final int SHIFT = 12;
    private static final int FRAMES = 8;
    private static final int NONE = -1;

    private final SafetyOracle oracle;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final int[] frames = new int[SPACES * PAGES];
    private final boolean[] writable = new boolean[SPACES * PAGES];
    private final boolean[] accessed = new boolean[SPACES * PAGES];
    private final boolean[] dirty = new boolean[SPACES * PAGES];
    private final boolean[] reused = new boolean[SPACES * PAGES];
    private final FlushRequest[] quarantine = new FlushRequest[SPACES * PAGES];
    private final boolean[] locked = new boolean[SPACES * PAGES];
    private final int[] installs = new int[SPACES * PAGES];
    private final int[] cleanings = new int[SPACES * PAGES];

    /** An entry as it was taken away. */
    record Removed(int frame, boolean accessed, boolean writableOrDirty) {}

    HarnessMemory(SafetyOracle oracle) {
        this.oracle = oracle;
        Arrays.fill(frames, NONE);
        for (int frame = 0; frame < FRAMES; frame++) {
            free.add(frame);
        }
    }

    static long address(int page) {
        return (long) page << SHIFT;
    }

    boolean isPresent(int asid, int page) {
        return frames[at(asid, page)] != NONE;
    }

    boolean isWritable(int asid, int page) {
        return isPresent(asid, page) && writable[at(asid, page)];
    }

    boolean isAccessed(int asid, int page) {
        return isPresent(asid, page) && accessed[at(asid, page)];
    }

    boolean isDirty(int asid, int page) {
        return isPresent(asid, page) && dirty[at(asid, page)];
    }

    int frame(int asid, int page) {
        return frames[at(asid, page)];
    }

    /** The request that has to be released before the page may be mapped again, or null. */
    FlushRequest quarantine(int asid, int page) {
        return quarantine[at(asid, page)];
    }

    /** How often something was installed here: tells a page from its successor. */
    int installs(int asid, int page) {
        return installs[at(asid, page)];
    }

    /** Keeps other initiators from evicting or moving the page at the same time, as a page lock does. */
    boolean tryLock(int asid, int page) {
        boolean taken = !locked[at(asid, page)];
        locked[at(asid, page)] = true;
        return taken;
    }

    boolean isLocked(int asid, int page) {
        return locked[at(asid, page)];
    }

    void unlock(int asid, int page) {
        locked[at(asid, page)] = false;
    }

    /** What a walk does to the entry. */
    void mark(int asid, int page, boolean write) {
        accessed[at(asid, page)] = true;
        dirty[at(asid, page)] |= write;
    }

    /** Resolves a fault, unless the range still waits for its flush or there is no frame. */
    boolean fault(int asid, int page, boolean mayWrite) {
        if (isPresent(asid, page) || quarantine(asid, page) != null || locked[at(asid, page)] || free.isEmpty()) {
            return false;
        }
        install(asid, page, allocate(asid), mayWrite, false);
        return true;
    }

    boolean hasFreeFrame() {
        return !free.isEmpty();
    }

    int allocate(int asid) {
        int frame = free.remove();
        oracle.frameAllocated(frame, 1, asid);
        return frame;
    }

    void install(int asid, int page, int frame, boolean mayWrite, boolean isDirty) {
        if (reused[at(asid, page)]) {
            oracle.rangeReused(asid, address(page), address(page + 1));
            reused[at(asid, page)] = false;
        }
        frames[at(asid, page)] = frame;
        writable[at(asid, page)] = mayWrite;
        accessed[at(asid, page)] = false;
        dirty[at(asid, page)] = isDirty;
        installs[at(asid, page)]++;
    }

    /** Removes the entry. */
    Removed remove(int asid, int page) {
        var removed = new Removed(frame(asid, page), isAccessed(asid, page),
                isWritable(asid, page) || isDirty(asid, page));
        frames[at(asid, page)] = NONE;
        return removed;
    }

    void writable(int asid, int page, boolean value) {
        writable[at(asid, page)] = value;
    }

    void clean(int asid, int page) {
        cleanings[at(asid, page)] += dirty[at(asid, page)] ? 1 : 0;
        dirty[at(asid, page)] = false;
    }

    /** How often a dirty bit was cleared here. */
    int cleanings(int asid, int page) {
        return cleanings[at(asid, page)];
    }

    void quarantine(FlushRequest request) {
        for (int page = (int) (request.start() >>> SHIFT); page < request.end() >>> SHIFT; page++) {
            if (!isPresent(request.asid(), page) && quarantine(request.asid(), page) == null) {
                quarantine[at(request.asid(), page)] = request;
            }
        }
    }

    void release(FlushRequest request) {
        for (int page = (int) (request.start() >>> SHIFT); page < request.end() >>> SHIFT; page++) {
            if (request.equals(quarantine(request.asid(), page))) {
                quarantine[at(request.asid(), page)] = null;
                reused[at(request.asid(), page)] = true;
            }
        }
    }

    void free(int frame) {
        free.add(frame);
    }

    private static int at(int asid, int page) {
        return asid * PAGES + page;
    }
}
