package io.faultline.memory;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One 32-bit state per frame: its references, the quarantines that hold it, and exclusivity. 0 is free. A block whose
 * frames share one state keeps it once; the 2 KiB of separate states are made when they differ.
 *
 * <p>
 * Not thread-safe.
 */
final class FrameStates {
    static final int REFERENCE = 1;
    static final int REFERENCES = (1 << 22) - 1;
    static final int HOLD = 1 << 22;
    static final int HOLDS = 0xff << 22;
    static final int EXCLUSIVE = 1 << 30;

    private final int[] common;
    private final int[] @Nullable [] separate;

    FrameStates(long frames) {
        int blocks = FrameBlocks.blocksOf(frames);
        common = new int[blocks];
        separate = new int[blocks][];
    }

    int get(long frame) {
        int block = FrameBlocks.blockOf(frame);
        int[] states = separate[block];
        return states == null ? common[block] : states[FrameBlocks.indexInBlock(frame)];
    }

    void set(long frame, int state) {
        int block = FrameBlocks.blockOf(frame);
        int[] states = separate[block];
        if (states == null) {
            if (common[block] == state) {
                return;
            }
            states = new int[FrameBlocks.FRAMES];
            Arrays.fill(states, common[block]);
            separate[block] = states;
        }
        states[FrameBlocks.indexInBlock(frame)] = state;
    }

    /** Keeps the states of whole free blocks once each again. */
    void forgetSeparate(long frame, long basePages) {
        for (long first = frame; first < frame + basePages; first += FrameBlocks.FRAMES) {
            assert get(first) == 0 : "frame " + first + " is not free";
            setCommon(first, 0);
        }
    }

    /** Tells whether the states of all these frames have the bits. */
    boolean haveAll(long frame, long basePages, int bits) {
        for (long done = 0; done < basePages;) {
            if ((get(frame + done) & bits) != bits) {
                return false;
            }
            done += isCommon(frame + done) ? FrameBlocks.stepWithinBlock(frame + done, basePages - done) : 1;
        }
        return true;
    }

    /** Tells whether the whole block of this frame has one state. */
    boolean isCommon(long frame) {
        return separate[FrameBlocks.blockOf(frame)] == null;
    }

    /** Gives the whole block of this frame one state. */
    void setCommon(long frame, int state) {
        int block = FrameBlocks.blockOf(frame);
        separate[block] = null;
        common[block] = state;
    }

    /** Returns what the states take on the heap. */
    long bytes() {
        long blocksWithSeparate = Arrays.stream(separate).filter(Objects::nonNull).count();
        return 8L * common.length + blocksWithSeparate * (16 + 4L * FrameBlocks.FRAMES);
    }
}
