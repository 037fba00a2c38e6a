package io.faultline.space;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * Large runs of frames that belong to a large region of the address space before it is mapped as a whole: the run is
 * allocated at once, pages of it are filled and mapped one by one, and in the end the leaves can be collapsed without
 * copying. (Linux's proposed high-granularity mapping does this for hugetlb; FreeBSD calls it a superpage reservation.)
 *
 * <p>
 * A reservation owns one reference to each frame of its run; each leaf that maps a part owns another. Giving a
 * reservation up leaves what is mapped in place and frees the rest.
 *
 * <p>
 * Threading: each region has one writer, the holder of its lease; regions are independent.
 */
public final class Reservations {
    private record Run(long frame, PageSize size) {}

    private final FramePool frames;
    private final ConcurrentSkipListMap<Long, Run> runs = new ConcurrentSkipListMap<>();

    Reservations(FramePool frames) {
        this.frames = frames;
    }

    /**
     * Reserves a run for the region of that size around the address; the same one when there is one.
     *
     * @return the first frame of the region's run; -1 when the pool has no such run
     * @throws IllegalStateException
     *             when a reservation of another size is in the way
     */
    public long reserve(long address, PageSize size) {
        long start = size.alignDown(address);
        Run present = runs.get(start);
        if (present != null && present.size() == size) {
            return present.frame();
        }
        if (isAny(start, start + size.bytes())) {
            throw new IllegalStateException("address 0x" + Long.toHexString(address)
                    + " is in or around a reservation of another size than " + size);
        }
        long frame = frames.allocate(size);
        if (frame >= 0) {
            runs.put(start, new Run(frame, size));
        }
        return frame;
    }

    /** Returns the frame reserved for the base page at the address; -1 when none is. */
    public long frameAt(long address) {
        Map.@Nullable Entry<Long, Run> entry = runs.floorEntry(address);
        if (entry == null || address >= entry.getKey() + entry.getValue().size().bytes()) {
            return -1;
        }
        return entry.getValue().frame() + ((address - entry.getKey()) >>> PageSize.BASE_SHIFT);
    }

    /** Gives up every reservation that overlaps the range, also those that reach beyond it. */
    public void giveUp(long start, long end) {
        Long before = runs.floorKey(start);
        giveUp(runs.subMap(before == null ? start : before, end), start, Long.MAX_VALUE);
    }

    /** Gives up the reservations that lie wholly in the range. */
    void giveUpInside(long start, long end) {
        giveUp(runs.subMap(start, end), start, end);
    }

    private void giveUp(Map<Long, Run> some, long endsAfter, long endsAtMost) {
        for (Map.Entry<Long, Run> entry : some.entrySet()) {
            Run run = entry.getValue();
            long runEnd = entry.getKey() + run.size().bytes();
            if (runEnd > endsAfter && runEnd <= endsAtMost) {
                runs.remove(entry.getKey());
                frames.release(run.frame(), run.size());
            }
        }
    }

    /** Tells whether a reservation overlaps the range. */
    public boolean isAny(long start, long end) {
        Map.@Nullable Entry<Long, Run> last = runs.lowerEntry(end);
        return last != null && last.getKey() + last.getValue().size().bytes() > start;
    }

    /** Returns how many regions have a reservation. */
    public int count() {
        return runs.size();
    }
}
