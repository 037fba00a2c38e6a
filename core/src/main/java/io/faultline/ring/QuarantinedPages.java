package io.faultline.ring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

import io.faultline.memory.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * The unmaps of one memslot whose flush is not released yet, which a policy may put off for long. Nothing may be installed
 * at their pages: the next page there would be changed beside a CPU that reads the old one. Outlives the memslot. Not
 * thread-safe: whoever writes the memslot's entries owns it.
 */
public final class QuarantinedPages {
    /** Of {@link #begin}: what the pages held is given up. */
    public static final boolean FORGOTTEN = true;
    /** Of {@link #begin}: what the pages held is saved. */
    public static final boolean KEPT = false;

    private final FramePool pool;
    private final List<PageHold> holds = new ArrayList<>();
    /** The pages of all of them, by their index in the memslot. */
    private final BitSet held = new BitSet();

    /**
     * @param pool
     *            of the frames that are unmapped
     */
    public QuarantinedPages(FramePool pool) {
        this.pool = pool;
    }

    /**
     * Begins to hold pages, before they are unmapped.
     *
     * @param forgotten
     *            whether what they held is given up, so that they are zeros afterwards
     */
    public PageHold begin(boolean forgotten) {
        PageHold hold = new PageHold(pool, forgotten);
        holds.add(hold);
        return hold;
    }

    /** Adds pages to a hold that was begun here and has not ended. */
    public void hold(PageHold hold, int firstIndex, int count) {
        hold.pages().set(firstIndex, firstIndex + count);
        held.set(firstIndex, firstIndex + count);
    }

    /** Whether nothing may be installed at a page. */
    public boolean holds(int index) {
        return held.get(index);
    }

    /** The oldest hold on a page; null when there is none. */
    public @Nullable PageHold holdOn(int index) {
        if (!held.get(index)) {
            return null;
        }
        for (PageHold hold : holds) {
            if (hold.pages().get(index)) {
                return hold;
            }
        }
        throw new IllegalStateException("page " + index + " is held by nobody");
    }

    /** How many unmaps are not released yet, as far as this has heard. */
    public int count() {
        return holds.size();
    }

    /**
     * Ends the holds that were released: their frames are free, their pages may be installed.
     *
     * @param forgotten
     *            hears of each page that was given back
     * @return whether there were any
     */
    public boolean endReleased(IntConsumer forgotten) {
        boolean any = false;
        for (int at = 0; at < holds.size();) {
            PageHold hold = holds.get(at);
            if (hold.isReleased()) {
                holds.remove(at);
                end(hold, forgotten);
                any = true;
            } else {
                at++;
            }
        }
        return any;
    }

    private void end(PageHold hold, IntConsumer forgotten) {
        if (hold.isForgotten()) {
            hold.pages().stream().forEach(forgotten);
        }
        hold.frames().end();
        held.andNot(hold.pages());
        for (PageHold other : holds) {
            if (other.pages().intersects(hold.pages())) { // evicted, say, and then given back
                held.or(other.pages());
            }
        }
    }
}
