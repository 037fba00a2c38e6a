package io.faultline.verify;

import java.lang.foreign.ValueLayout;

import io.faultline.memory.ChunkedLongs;
import io.faultline.memory.FrameContents;
import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;

/**
 * Writes to guest pages so that reads can be verified, and verifies them.
 *
 * <p>A write counts itself as started, adds one to the page's first word atomically, and counts itself as completed. A
 * read takes the completed count, the word, and the started count, in this order. The word, less the source's, must lie
 * between the two counts, whoever writes meanwhile; all other bytes must be the source's. The counts may wrap.
 *
 * <p>Pages here are base pages of 4 KiB whatever the machine's page size: each has a word and counters of its own, so a
 * large page is verified, and can be mapped, in part.
 *
 * <p>Thread-safe, without locks; each shard of the callers brings its own tally. A read that is not {@code whole} of a
 * page verified before allocates nothing and reads nothing but the word and the counts.
 */
public final class Verifier {
    private final PageSource source;
    private final FrameContents contents;
    private final PageCounters counters;
    private final SourceWords sourceWords;
    /** One bit per page that was given back: it holds zeros then, whatever the source has. */
    private final ChunkedLongs discarded;

    /**
     * A verifier of one guest memory.
     *
     * @param source what the memory's pages hold before any write; read again to compare, so best without added faults
     * @param contents of the frames that back the memory
     * @param counters of the memory's writes, for as many base pages as it has
     */
    public Verifier(PageSource source, FrameContents contents, PageCounters counters) {
        this.source = source;
        this.contents = contents;
        this.counters = counters;
        sourceWords = new SourceWords(counters.pages());
        discarded = new ChunkedLongs((counters.pages() + Long.SIZE - 1) / Long.SIZE);
    }

    /**
     * A page was given back (madvise(2), MADV_DONTNEED): from now on it must hold zeros and the writes that follow.
     *
     * @param page the base page; nobody can access it at this moment, so every write that was started is completed
     */
    public void discarded(long page) {
        long writes = counters.completedCount(page);
        assert writes == counters.startedCount(page) : "page " + page + " was discarded in the middle of a write";
        // The word starts at zero again but the counts go on: as if the source's word had been minus the writes.
        sourceWords.remember(page, -writes);
        discarded.setBits(page / Long.SIZE, 1L << page);
    }

    private boolean isDiscarded(long page) {
        return (discarded.getAcquire(page / Long.SIZE) & 1L << page) != 0;
    }

    /**
     * Writes to a page that is mapped writable.
     *
     * @param page the base page, counted from the memory's beginning
     * @param frame the frame that backs it
     */
    public void write(long page, long frame) {
        counters.started(page);
        contents.addToWord(frame, 1);
        counters.completed(page);
    }

    /**
     * Reads a page and verifies what is there.
     *
     * @param page the base page, counted from the memory's beginning
     * @param frame the frame that the reader found for it
     * @param whole whether to compare all bytes, as after a fault, and not only the first word
     * @param tally the caller's own, counts the outcome
     * @return false when the contents are wrong
     */
    public boolean read(long page, long frame, boolean whole, VerificationTally tally) {
        long completedBefore = counters.completedCount(page);
        long word = contents.word(frame);
        long startedAfter = counters.startedCount(page);

        boolean compareBytes = whole && !contents.isTokens();
        if ((compareBytes || !sourceWords.isKnown(page)) && !readExpected(page, tally)) {
            return true;
        }
        long writesFound = word - sourceWords.word(page);
        // Unsigned, from the completed count: right also where a count has wrapped between the two.
        if (Long.compareUnsigned(writesFound - completedBefore, startedAfter - completedBefore) > 0) {
            tally.countCorrupt();
            if (tally.wantsDescription()) {
                tally.describe(Diagnosis.ofWord(page, frame, word, sourceWords.word(page), completedBefore,
                        startedAfter));
            }
            return false;
        }
        if (compareBytes && !contents.sameBeyondWord(frame, tally.scratch(false), 0)) {
            tally.countCorrupt();
            if (tally.wantsDescription()) {
                tally.describe(Diagnosis.ofBytes(page, frame, contents, tally.scratch(false)));
            }
            return false;
        }
        tally.countVerified(compareBytes);
        return true;
    }

    /** Reads what the page must hold into the tally's scratch page, and remembers its first word. */
    private boolean readExpected(long page, VerificationTally tally) {
        PageBuffer expected = tally.scratch(contents.isTokens());
        if (isDiscarded(page)) {
            expected.bytes().fill((byte) 0); // only bytes are compared: the word of a discarded page is known
            return true;
        }
        ReadResult result = source.read(page, expected);
        if (!result.isOk()) {
            tally.countUnverifiable(result.reason());
            return false;
        }
        if (!sourceWords.isKnown(page)) {
            long word = contents.isTokens() ? expected.token(0) : expected.bytes().get(ValueLayout.JAVA_LONG, 0);
            sourceWords.remember(page, word);
        }
        return true;
    }
}
