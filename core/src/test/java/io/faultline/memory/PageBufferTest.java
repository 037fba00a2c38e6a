package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;

class PageBufferTest {
    @Test
    void shouldShareBytesWithItsSlices() {
        PageBuffer buffer = PageBuffer.bytes(PageSize.SIZE_4K, 4);

        buffer.slice(1, 2).bytes().set(ValueLayout.JAVA_BYTE, 4096, (byte) 7);

        assertThat(buffer.bytes().get(ValueLayout.JAVA_BYTE, 8192)).isEqualTo((byte) 7);
        assertThat(buffer.slice(1, 2).pages()).isEqualTo(2);
    }

    @Test
    void shouldShareTokensWithItsSlices() {
        PageBuffer buffer = PageBuffer.tokens(PageSize.SIZE_2M, 3);

        buffer.slice(1, 2).slice(1, 1).token(5, 99);

        assertThat(buffer.token(2 * 512 + 5)).isEqualTo(99);
        assertThat(buffer.basePages()).isEqualTo(3 * 512);
        assertThatThrownBy(() -> buffer.slice(1, 1).token(512)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldShowTheSameContentsAsPagesOfAnotherSize() {
        PageBuffer large = PageBuffer.tokens(PageSize.SIZE_2M, 1);

        large.as(PageSize.SIZE_4K).slice(3, 1).token(0, 4);

        assertThat(large.token(3)).isEqualTo(4);
        assertThat(PageBuffer.bytes(PageSize.SIZE_4K, 512).as(PageSize.SIZE_2M).pages()).isEqualTo(1);
        assertThatThrownBy(() -> PageBuffer.tokens(PageSize.SIZE_4K, 3).as(PageSize.SIZE_2M))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhichKindItIsWhenAskedForTheOther() {
        assertThatThrownBy(() -> PageBuffer.tokens(PageSize.SIZE_4K, 1).bytes())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tokens, not bytes");
        assertThatThrownBy(() -> PageBuffer.bytes(PageSize.SIZE_4K, 1).token(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bytes, not tokens");
    }

    @Test
    void shouldRefuseMemoryThatIsNoWholeNumberOfPages() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(5000);
            assertThatThrownBy(() -> PageBuffer.of(segment, PageSize.SIZE_4K)).hasMessageContaining("5000 bytes");
        }
        assertThatThrownBy(() -> PageBuffer.bytes(PageSize.SIZE_4K, -1)).hasMessageContaining("-1 pages");
        assertThatThrownBy(() -> PageBuffer.tokens(PageSize.SIZE_1G, 1 << 14)).hasMessageContaining("2^31");
    }
}
