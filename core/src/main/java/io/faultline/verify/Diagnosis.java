package io.faultline.verify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

import io.faultline.memory.FrameContents;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/** Says in words what is wrong with a page. Rarely called, so it may allocate. */
final class Diagnosis {
    /** A word further from the counts than this is not the page's with some writes missing, but another's. */
    private static final long MOST_WRITES_ASTRAY = 1L << 32;

    private Diagnosis() {}

    static Corruption ofWord(long page, long frame, long word, long sourceWord, long completedBefore,
            long startedAfter) {
        long missing = completedBefore - (word - sourceWord);
        long extra = word - sourceWord - startedAfter;
        String expected = completedBefore == startedAfter
                ? completedBefore + " writes"
                : completedBefore + " to " + startedAfter + " writes";
        String sum = String.format(Locale.ROOT, "expected the source's %#x and %s, found %#x", sourceWord, expected,
                word);
        if (word == 0 && sourceWord != 0) {
            return new Corruption(page, frame, Corruption.Kind.WORD_FOREIGN, sum + ": a page of zeros?");
        } else if (missing > 0 && missing <= MOST_WRITES_ASTRAY) {
            return new Corruption(page, frame, Corruption.Kind.WRITES_MISSING, sum + ": " + missing + " lost");
        } else if (extra > 0 && extra <= MOST_WRITES_ASTRAY) {
            return new Corruption(page, frame, Corruption.Kind.WRITES_EXTRA, sum + ": " + extra + " too many");
        }
        return new Corruption(page, frame, Corruption.Kind.WORD_FOREIGN, sum + ": another page's, or garbage");
    }

    static Corruption ofBytes(long page, long frame, FrameContents contents, PageBuffer expected) {
        PageBuffer found = PageBuffer.bytes(PageSize.SIZE_4K, 1);
        contents.copyOut(frame, found, 0, 1);
        MemorySegment expectedRest = expected.bytes().asSlice(Long.BYTES);
        MemorySegment foundRest = found.bytes().asSlice(Long.BYTES);
        long at = expectedRest.mismatch(foundRest);
        String description;
        if (at < 0) {
            description = "bytes differed from the source's, and no longer do: a copy was under way";
        } else {
            description = String.format(Locale.ROOT, "expected the source's bytes, found %#04x for %#04x at offset %d",
                    foundRest.get(ValueLayout.JAVA_BYTE, at), expectedRest.get(ValueLayout.JAVA_BYTE, at),
                    at + Long.BYTES);
        }
        return new Corruption(page, frame, Corruption.Kind.BYTES_DIFFER, description);
    }
}
