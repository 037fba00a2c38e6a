package io.faultline.memory;

/**
 * What frames hold: real bytes off heap, or one 64-bit token per frame. Memory for it is taken as blocks of 512 frames
 * are first touched.
 *
 * <p>
 * Threading: any thread at any time; as with real memory, a copy that races a write may see some of it.
 * {@link #word} and {@link #addToWord} are atomic. Frames are not checked to be allocated. Frame ranges that do not
 * exist, and buffers of the other kind, are refused with an exception.
 */
public interface FrameContents {
    /** Tells whether frames hold tokens instead of bytes. */
    boolean isTokens();

    /** Copies base pages of a buffer into consecutive frames. */
    void copyIn(long frame, PageBuffer from, int firstBasePage, long basePages);

    /** Copies consecutive frames to base pages of a buffer. */
    void copyOut(long frame, PageBuffer to, int firstBasePage, long basePages);

    /** Copies consecutive frames to others; the two ranges do not overlap. */
    void copy(long fromFrame, long toFrame, long basePages);

    /** Fills consecutive frames with zeros. */
    void zero(long frame, long basePages);

    /** Reads the frame's first 64-bit word with acquire, in native byte order, or its token. */
    long word(long frame);

    /** Atomically adds to the frame's first word, or its token, and returns what it was. */
    long addToWord(long frame, long delta);

    /** Tells whether the frame's bytes after the first word equal those of the buffer's base page; true for tokens. */
    boolean sameBeyondWord(long frame, PageBuffer expected, int basePage);
}
