package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A large page mapped in part: its run of frames is there from the first piece on. */
class ReservationsTest {
    private static final long START = 1L << 40;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.tokens(2L << 18);
    private final AddressSpace space = new AddressSpace(1, frames);
    private final Reservations reservations = space.reservations();

    @BeforeEach
    void mapAnonymousMemory() {
        space.mmap(START, 2L << 30, MemoryObject.anon(PageSize.SIZE_4K, 2L << 30), 0, READ_WRITE, false);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldFillALargePagePieceByPieceAndCollapseItWithoutCopying(PageSize large, PageSize piece) {
        long run = reservations.reserve(START + 12345, large);
        for (long offset = 0; offset < large.bytes(); offset += piece.bytes()) {
            assertThat(space.mappings().collapse(START, large)).as("mapped in part").isFalse();
            installPiece(START + offset, piece);
        }
        assertThat(frames.freeFrames()).isEqualTo(frames.frames() - large.basePages());

        assertThat(space.mappings().collapse(START, large)).isTrue();

        assertThat(space.hva().walk(START)).isEqualTo(Entry.of(run, large, Entry.WRITABLE));
        assertThat(reservations.count()).as("the mapping has become the owner").isZero();
        assertThat(frames.references(run)).isEqualTo(1);
        space.munmap(START, large.bytes());
        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    @Test
    void shouldKeepTheGigabyteReservedWhileItsPartsCollapse() {
        reservations.reserve(START, PageSize.SIZE_1G);
        for (long page = 0; page < 512; page++) {
            installPiece(START + page * 4096, PageSize.SIZE_4K);
        }

        assertThat(space.mappings().collapse(START, PageSize.SIZE_2M)).isTrue();

        assertThat(reservations.frameAt(START + (1L << 29)))
                .isEqualTo(Entry.frame(space.hva().walk(START)) + (1 << 17));
        assertThat(reservations.count()).isEqualTo(1);
    }

    @Test
    void shouldGiveTheUnmappedRestBackWhenAPartIsDiscarded() {
        reservations.reserve(START, PageSize.SIZE_2M);
        installPiece(START, PageSize.SIZE_4K);
        installPiece(START + 4096, PageSize.SIZE_4K);

        assertThat(space.discard(START, 4096)).isEqualTo(Errno.OK);

        assertThat(reservations.frameAt(START)).isEqualTo(-1);
        assertThat(frames.freeFrames()).isEqualTo(frames.frames() - 1);
    }

    @Test
    void shouldAnswerWithTheSameRunAndRefuseAnotherSize() {
        long run = reservations.reserve(START, PageSize.SIZE_2M);

        assertThat(reservations.reserve(START + 4096, PageSize.SIZE_2M)).isEqualTo(run);
        assertThat(reservations.frameAt(START + 4096)).isEqualTo(run + 1);
        assertThat(reservations.frameAt(START - 4096)).isEqualTo(-1);
        assertThat(reservations.frameAt(START + PageSize.SIZE_2M.bytes())).isEqualTo(-1);
        assertThat(reservations.isAny(START - 4096, START)).isFalse();
        assertThat(reservations.isAny(START + 4096, START + 8192)).isTrue();
        assertThatThrownBy(() -> reservations.reserve(START, PageSize.SIZE_1G))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldSayWhenThePoolHasNoSuchRun() {
        frames.allocate(PageSize.SIZE_4K);
        reservations.reserve(START, PageSize.SIZE_1G);

        assertThat(reservations.reserve(START + (1L << 30), PageSize.SIZE_1G)).isEqualTo(-1);
        assertThat(reservations.count()).isEqualTo(1);
    }

    private void installPiece(long address, PageSize piece) {
        long frame = reservations.frameAt(address);
        frames.retain(frame, piece);
        assertThat(space.mappings().install(address, piece, Entry.of(frame, piece, Entry.WRITABLE)))
                .isEqualTo(Errno.OK);
    }
}
