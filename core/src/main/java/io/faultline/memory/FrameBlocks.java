package io.faultline.memory;

/** Arithmetic of blocks: 512 frames, the unit in which a pool keeps contents and book-keeping. */
final class FrameBlocks {
    static final int FRAMES_SHIFT = 9;
    static final int FRAMES = 1 << FRAMES_SHIFT;

    private FrameBlocks() {}

    static int blockOf(long frame) {
        return (int) (frame >>> FRAMES_SHIFT);
    }

    static int indexInBlock(long frame) {
        return (int) frame & (FRAMES - 1);
    }

    static int blocksOf(long frames) {
        return Math.toIntExact((frames + FRAMES - 1) >>> FRAMES_SHIFT);
    }

    /** Returns how many of the wanted frames lie in the first frame's block. */
    static long stepWithinBlock(long frame, long wanted) {
        return Math.min(wanted, FRAMES - indexInBlock(frame));
    }

    static void requireRange(long frame, long basePages, long frames) {
        if (frame < 0 || basePages < 0 || frame > frames - basePages) {
            throw new IndexOutOfBoundsException(
                    "frames " + frame + " to " + (frame + basePages) + " of a pool of " + frames);
        }
    }
}
