package io.faultline.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;

/**
 * Contents computed from the page's number and the seed: no I/O, no memory, any size. A base page's first word is a
 * hash of both, which is also its token; each word after it is larger by a constant. So no two words of a page and no
 * two pages are alike, and a page that is torn, shifted or another's shows, at the cost of an addition per word.
 */
final class SyntheticSource implements PageSource {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final long key;

    SyntheticSource(long seed) {
        this.seed = seed;
        key = new SplitMix(seed).nextLong();
    }

    @Override
    public String name() {
        return "synthetic of seed " + seed;
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        long firstBasePage = firstPage * destination.pageSize().basePages();
        int basePages = (int) destination.basePages();
        for (int i = 0; i < basePages; i++) {
            long word = SplitMix.mix(key + (firstBasePage + i) * STEP);
            if (destination.isTokens()) {
                destination.token(i, word);
            } else {
                fillBasePage(destination.bytes(), (long) i << PageSize.BASE_SHIFT, word);
            }
        }
        return ReadResult.ok(destination.pages());
    }

    private static void fillBasePage(MemorySegment bytes, long start, long firstWord) {
        long word = firstWord;
        for (long at = start; at < start + PageSize.BASE_BYTES; at += Long.BYTES) {
            bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, word);
            word += STEP;
        }
    }

    @Override
    public boolean blocking() {
        return false;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
