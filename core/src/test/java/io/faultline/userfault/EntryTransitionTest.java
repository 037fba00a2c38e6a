package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.CONTINUE_WP;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every transition of a page-table entry that the port makes, at all three page sizes where it exists. */
class EntryTransitionTest {
    private static final int ALL_MODES = REGISTER_MISSING | REGISTER_WP | REGISTER_MINOR;

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    /** Shared memory has all transitions but MOVE, which is for anonymous memory: see MoveTest. */
    private static Memory memory(PageSize size) {
        return switch (size) {
            case SIZE_4K -> Memory.SHMEM;
            case SIZE_2M -> Memory.HUGETLB_2M;
            case SIZE_1G -> Memory.HUGETLB_1G;
        };
    }

    private void assertEntry(long address, PageSize size, long flags) {
        long entry = kernel.entry(address);
        assertThat(Entry.describe(entry)).isEqualTo(Entry.describe(Entry.of(Entry.frame(entry), size, flags)));
    }

    @ParameterizedTest
    @EnumSource
    void missingToPresent(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        PageBuffer page = TestKernel.numbered(size, 1);
        assertThat(port.copy(start, page, 0, size.bytes(), 0).isOk()).isTrue();
        assertEntry(start, size, Entry.WRITABLE | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void missingToPresentProtected(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        PageBuffer page = TestKernel.numbered(size, 1);
        assertThat(port.copy(start, page, 0, size.bytes(), COPY_WP).isOk()).isTrue();
        assertEntry(start, size, Entry.UFFD_WP | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void minorToMapped(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.continueMapping(start, size.bytes(), 0).isOk()).isTrue();
        assertEntry(start, size, Entry.WRITABLE | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void minorToMappedProtected(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.continueMapping(start, size.bytes(), CONTINUE_WP).isOk()).isTrue();
        assertEntry(start, size, Entry.UFFD_WP | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void presentToProtectedAndBack(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        kernel.copy(start, memory(size), 1);
        assertThat(port.writeProtect(start, size.bytes(), WRITEPROTECT_WP).isOk()).isTrue();
        assertEntry(start, size, Entry.UFFD_WP | Entry.DIRTY);
        assertThat(port.writeProtect(start, size.bytes(), 0).isOk()).isTrue();
        assertEntry(start, size, Entry.WRITABLE | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void emptyToMarkedAndBack(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        assertThat(port.writeProtect(start, size.bytes(), WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(kernel.entry(start)).isEqualTo(Entry.uffdWpMarker(size));
        assertThat(port.writeProtect(start, size.bytes(), 0).isOk()).isTrue();
        assertThat(kernel.entry(start)).isEqualTo(Entry.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void markedToPresentWithoutProtection(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        port.writeProtect(start, size.bytes(), WRITEPROTECT_WP);
        kernel.copy(start, memory(size), 1);
        assertEntry(start, size, Entry.WRITABLE | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void emptyToPoisonedToPresent(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        assertThat(port.poison(start, size.bytes(), 0).isOk()).isTrue();
        assertThat(kernel.entry(start)).isEqualTo(Entry.poison(size));
        assertThat(port.writeProtect(start, size.bytes(), WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(kernel.entry(start)).as("protection passes poison over").isEqualTo(Entry.poison(size));
        kernel.copy(start, memory(size), 1);
        assertEntry(start, size, Entry.WRITABLE | Entry.DIRTY);
    }

    @ParameterizedTest
    @EnumSource
    void presentToEmptyKeepsTheObjectsPage(PageSize size) {
        long start = kernel.registered(memory(size), 1, ALL_MODES);
        kernel.copy(start, memory(size), 1);
        kernel.space.discard(start, size.bytes());
        assertThat(kernel.entry(start)).isEqualTo(Entry.NONE);
        kernel.raiseQueued(1, start);
        assertThat(kernel.read().kind(0)).isEqualTo(FaultKind.MINOR);
        kernel.space.punchHole(start, size.bytes());
        kernel.raiseQueued(1, start);
        assertThat(kernel.read().kind(0)).isEqualTo(FaultKind.MISSING);
    }

    @ParameterizedTest
    @EnumSource
    void everyFrameComesBack(PageSize size) {
        long free = kernel.frames.freeFrames();
        long start = kernel.registered(memory(size), 2, ALL_MODES);
        kernel.copy(start, memory(size), 1);
        kernel.write(kernel.alias(start) + size.bytes(), 1);
        port.continueMapping(start + size.bytes(), size.bytes(), 0);
        assertThat(kernel.frames.freeFrames()).isEqualTo(free - 2 * size.basePages());
        kernel.space.punchHole(start, 2 * size.bytes());
        assertThat(kernel.frames.freeFrames()).isEqualTo(free);
    }
}
