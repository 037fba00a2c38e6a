package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PageSizeTest {
    @ParameterizedTest
    @CsvSource({"4KiB, 12, 1", "2MiB, 21, 512", "1GiB, 30, 262144"})
    void shouldReadItsNameAndKnowItsFrames(String text, int shift, long basePages) {
        PageSize size = PageSize.parse(text);

        assertThat(size).hasToString(text);
        assertThat(size.shift()).isEqualTo(shift);
        assertThat(size.bytes()).isEqualTo(basePages * 4096);
        assertThat(size.basePages()).isEqualTo(basePages);
    }

    @Test
    void shouldNameTheSizesWhenOneIsUnknown() {
        assertThatThrownBy(() -> PageSize.parse("64KiB")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("page size '64KiB' is none of 4KiB, 2MiB, 1GiB");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAlignToItsOwnPages(PageSize size) {
        long inside = 5 * size.bytes() + 4095;

        assertThat(size.alignDown(inside)).isEqualTo(5 * size.bytes());
        assertThat(size.alignUp(inside)).isEqualTo(6 * size.bytes());
        assertThat(size.alignUp(5 * size.bytes())).isEqualTo(5 * size.bytes());
        assertThat(size.isAligned(inside)).isFalse();
        assertThat(size.isFrameAligned(3 * size.basePages())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 1GiB, 1GiB", "0, 2MiB, 2MiB", "2MiB, 1GiB, 2MiB", "4KiB, 1GiB, 4KiB", "1GiB, 4KiB, 4KiB"})
    void shouldFindTheLargestPageThatFits(String address, String room, String expected) {
        long start = address.equals("0") ? 0 : PageSize.parse(address).bytes();

        assertThat(PageSize.largestFitting(start, PageSize.parse(room).bytes())).isEqualTo(PageSize.parse(expected));
    }

    @Test
    void shouldHaveNothingSmallerThanABasePage() {
        assertThat(PageSize.SIZE_1G.smaller()).isEqualTo(PageSize.SIZE_2M);
        assertThat(PageSize.SIZE_2M.smaller()).isEqualTo(PageSize.SIZE_4K);
        assertThatThrownBy(PageSize.SIZE_4K::smaller).isInstanceOf(IllegalStateException.class);
    }
}
