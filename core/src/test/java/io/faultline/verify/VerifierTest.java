package io.faultline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;

import io.faultline.memory.FrameContents;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.FaultySource;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.verify.Corruption.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a store can be wrong is done on purpose; page p lives in frame p + 8. */
class VerifierTest {
    private static final int PAGES = 4;
    private static final int FRAME = 8;

    private final PageSource source = PageSources.synthetic(1);
    private final PageCounters counters = new PageCounters(PAGES);
    private final VerificationTally tally = new VerificationTally();
    private FramePool bytes;
    private FramePool tokens;

    @BeforeEach
    void makeFrames() {
        bytes = FramePool.bytes(32);
        tokens = FramePool.tokens(32);
    }

    @AfterEach
    void closeFrames() {
        bytes.close();
        tokens.close();
        source.close();
    }

    private FrameContents installed(boolean asTokens) {
        FrameContents contents = (asTokens ? tokens : bytes).contents();
        PageBuffer buffer = asTokens ? PageBuffer.tokens(PageSize.SIZE_4K, PAGES)
                : PageBuffer.bytes(PageSize.SIZE_4K, PAGES);
        assertThat(source.read(0, buffer).isOk()).isTrue();
        contents.copyIn(FRAME, buffer, 0, PAGES);
        return contents;
    }

    private void assertCorrupt(Verifier verifier, long page, boolean whole, Kind kind, String... parts) {
        assertThat(verifier.read(page, FRAME + page, whole, tally)).isFalse();
        assertThat(tally.corrupt()).isEqualTo(1);
        assertThat(tally.verified()).isZero();
        assertThat(tally.corruptions()).singleElement().satisfies(corruption -> {
            assertThat(corruption.kind()).isEqualTo(kind);
            assertThat(corruption.page()).isEqualTo(page);
            assertThat(corruption.frame()).isEqualTo(FRAME + page);
            assertThat(corruption.toString()).startsWith("page " + page + " in frame " + (FRAME + page) + ": ")
                    .contains(parts);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindNothingWrongWithACorrectStore(boolean asTokens) {
        var verifier = new Verifier(source, installed(asTokens), counters);
        for (int round = 0; round < 5; round++) {
            for (int page = 0; page < PAGES; page++) {
                assertThat(verifier.read(page, FRAME + page, round % 2 == 0, tally)).isTrue();
                verifier.write(page, FRAME + page);
                assertThat(verifier.read(page, FRAME + page, round % 2 == 1, tally)).isTrue();
            }
        }
        assertThat(tally.verified()).isEqualTo(40);
        assertThat(tally.verifiedWhole()).isEqualTo(asTokens ? 0 : 20);
        assertThat(tally.corrupt()).isZero();
        assertThat(tally.unverifiable()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCatchALostWrite(boolean asTokens) {
        FrameContents contents = installed(asTokens);
        var verifier = new Verifier(source, contents, counters);
        verifier.write(2, FRAME + 2);
        verifier.write(2, FRAME + 2);
        contents.addToWord(FRAME + 2, -1);

        assertCorrupt(verifier, 2, false, Kind.WRITES_MISSING, "and 2 writes", "1 lost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCatchAnExtraWrite(boolean asTokens) {
        FrameContents contents = installed(asTokens);
        var verifier = new Verifier(source, contents, counters);
        verifier.write(1, FRAME + 1);
        contents.addToWord(FRAME + 1, 3);

        assertCorrupt(verifier, 1, false, Kind.WRITES_EXTRA, "and 1 writes", "3 too many");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCatchAStalePageThatCameBackFromASaveTakenTooEarly(boolean asTokens) {
        FrameContents contents = installed(asTokens);
        var verifier = new Verifier(source, contents, counters);
        PageBuffer saved = asTokens ? PageBuffer.tokens(PageSize.SIZE_4K, 1) : PageBuffer.bytes(PageSize.SIZE_4K, 1);
        verifier.write(0, FRAME);
        contents.copyOut(FRAME, saved, 0, 1);
        verifier.write(0, FRAME);
        contents.copyIn(FRAME, saved, 0, 1);

        assertCorrupt(verifier, 0, true, Kind.WRITES_MISSING, "1 lost");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCatchAnotherPagesContents(boolean asTokens) {
        FrameContents contents = installed(asTokens);
        contents.copy(FRAME, FRAME + 3, 1);

        assertCorrupt(new Verifier(source, contents, counters), 3, false, Kind.WORD_FOREIGN, "another page's");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCatchASilentZeroPage(boolean asTokens) {
        FrameContents contents = installed(asTokens);
        contents.zero(FRAME + 3, 1);

        assertCorrupt(new Verifier(source, contents, counters), 3, false, Kind.WORD_FOREIGN, "page of zeros");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 2048, 4095})
    void shouldCatchATornPageWhenAllBytesAreCompared(int offset) {
        FrameContents contents = installed(false);
        PageBuffer torn = PageBuffer.bytes(PageSize.SIZE_4K, 1);
        assertThat(source.read(1, torn).isOk()).isTrue();
        byte right = torn.bytes().get(ValueLayout.JAVA_BYTE, offset);
        torn.bytes().set(ValueLayout.JAVA_BYTE, offset, (byte) ~right);
        contents.copyIn(FRAME + 1, torn, 0, 1);
        var verifier = new Verifier(source, contents, counters);

        assertThat(verifier.read(1, FRAME + 1, false, new VerificationTally())).as("only the word is read").isTrue();
        assertCorrupt(verifier, 1, true, Kind.BYTES_DIFFER, "at offset " + offset);
    }

    @Test
    void shouldVerifyEachBasePageOfALargePage() {
        try (FramePool frames = FramePool.bytes(512)) {
            FrameContents contents = frames.contents();
            PageBuffer large = PageBuffer.bytes(PageSize.SIZE_2M, 1);
            assertThat(source.read(1, large).isOk()).isTrue();
            contents.copyIn(0, large, 0, 512);
            var largeCounters = new PageCounters(1024);
            var verifier = new Verifier(source, contents, largeCounters);
            verifier.write(512 + 300, 300);

            for (int i = 0; i < 512; i++) {
                assertThat(verifier.read(512 + i, i, true, tally)).isTrue();
            }
            assertThat(tally.verifiedWhole()).isEqualTo(512);
            assertThat(verifier.read(512 + 300, 301, true, tally)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-3, -1, 0, Long.MAX_VALUE - 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldGoOnWhenTheCountersWrap(long begin) {
        FrameContents contents = installed(true);
        var verifier = new Verifier(source, contents, counters);
        counters.begin(2, begin);
        contents.addToWord(FRAME + 2, begin);
        for (int i = 0; i < 6; i++) {
            assertThat(verifier.read(2, FRAME + 2, false, tally)).isTrue();
            verifier.write(2, FRAME + 2);
        }
        contents.addToWord(FRAME + 2, -1);
        assertThat(verifier.read(2, FRAME + 2, false, tally)).isFalse();
        contents.addToWord(FRAME + 2, 2);
        assertThat(verifier.read(2, FRAME + 2, false, tally)).isFalse();

        assertThat(tally.corruptions()).extracting(Corruption::kind)
                .containsExactly(Kind.WRITES_MISSING,
                        Kind.WRITES_EXTRA);
    }

    @Test
    void shouldAllowWhatAWriteUnderWayMayHaveDoneOrNot() {
        FrameContents contents = installed(true);
        var verifier = new Verifier(source, contents, counters);
        counters.started(0);
        assertThat(verifier.read(0, FRAME, false, tally)).isTrue();
        contents.addToWord(FRAME, 1);
        assertThat(verifier.read(0, FRAME, false, tally)).isTrue();
        counters.completed(0);
        assertThat(verifier.read(0, FRAME, false, tally)).isTrue();
        contents.addToWord(FRAME, -1);
        assertThat(verifier.read(0, FRAME, false, tally)).isFalse();
    }

    @Test
    void shouldReadTheSourceOncePerPageWhenOnlyWordsAreVerified() {
        FrameContents contents = installed(false);
        PageSource failing = new FaultySource(source, 1, 0, 1);
        var broken = new Verifier(failing, contents, counters);
        assertThat(broken.read(0, FRAME, false, tally)).isTrue();
        assertThat(tally.unverifiable()).isEqualTo(1);
        assertThat(tally.unverifiableReason()).contains("fault of page 0");
        assertThat(tally.verified()).isZero();

        var counting = new CountingSource(source);
        var verifier = new Verifier(counting, contents, counters);
        for (int i = 0; i < 10; i++) {
            assertThat(verifier.read(3, FRAME + 3, false, tally)).isTrue();
        }
        assertThat(counting.reads()).isEqualTo(1);
        assertThat(verifier.read(3, FRAME + 3, true, tally)).isTrue();
        assertThat(counting.reads()).isEqualTo(2);
    }

    @Test
    void shouldRememberASourcesWordEvenWhenItIsZero() {
        FrameContents contents = bytes.contents();
        contents.zero(FRAME, 1);
        var counting = new CountingSource(PageSources.zero());
        var verifier = new Verifier(counting, contents, counters);
        for (int i = 0; i < 10; i++) {
            assertThat(verifier.read(0, FRAME, false, tally)).isTrue();
        }
        assertThat(counting.reads()).isEqualTo(1);
    }

    @Test
    void shouldAddTalliesAndDescribeOnlyTheFirstCorruptions() {
        FrameContents contents = installed(true);
        contents.zero(FRAME, 1);
        var verifier = new Verifier(source, contents, counters);
        var other = new VerificationTally();
        for (int i = 0; i < 6; i++) {
            verifier.read(0, FRAME, false, tally);
            verifier.read(0, FRAME, false, other);
            verifier.read(1, FRAME + 1, false, other);
        }
        tally.add(other);

        assertThat(tally.corrupt()).isEqualTo(12);
        assertThat(tally.verified()).isEqualTo(6);
        assertThat(tally.corruptions()).hasSize(VerificationTally.DESCRIBED);
    }
}
