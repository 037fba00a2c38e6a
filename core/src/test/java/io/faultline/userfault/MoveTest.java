package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.MOVE_ALLOW_SRC_HOLES;
import static io.faultline.userfault.UserfaultModes.MOVE_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The MOVE rows of the errno table, with 4 KiB pages and with large ones. */
class MoveTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final long LARGE = PageSize.SIZE_2M.bytes();
    private static final IoctlResult INVALID = new IoctlResult(Errno.EINVAL, -22);

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;
    private final long source = kernel.registered(Memory.ANON, 2048, REGISTER_MISSING | REGISTER_WP);
    private final long destination = kernel.registered(Memory.ANON, 2048, REGISTER_MISSING | REGISTER_WP);

    @Test
    @DisplayName("MOVE ok: 0, f = len; the source then reads zero; a registered source is fine")
    void shouldMoveTheFrameItself() {
        kernel.copy(source, Memory.ANON, 2);
        long frame = Entry.frame(kernel.entry(source));
        assertThat(port.move(destination, source, 2 * PAGE, 0)).isEqualTo(IoctlResult.ok(2 * PAGE));
        long entry = kernel.entry(destination);
        assertThat(Entry.frame(entry)).isEqualTo(frame);
        assertThat(Entry.isWritable(entry) && Entry.isDirty(entry)).isTrue();
        assertThat(kernel.token(destination + PAGE)).isEqualTo(1001);
        assertThat(kernel.entry(source)).isEqualTo(Entry.NONE);
        assertThat(kernel.frames.references(frame)).isEqualTo(1);
    }

    @Test
    @DisplayName("MOVE ok: a zero-page source; from an unregistered range, which then reads zero")
    void shouldMoveAZeroPageOfUnregisteredMemory() {
        long plain = kernel.map(Memory.ANON, 1);
        assertThat(kernel.port.raise(1, plain, false, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(port.move(destination, plain, PAGE, 0).isOk()).isTrue();
        assertThat(kernel.token(destination)).isZero();
        assertThat(kernel.port.raise(1, plain, false, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(kernel.token(plain)).isZero();
    }

    @Test
    @DisplayName("MOVE: dst present | EEXIST, f = -17; a marker is in the way too")
    void shouldRefuseAnOccupiedDestination() {
        kernel.copy(source, Memory.ANON, 3);
        kernel.copy(destination, Memory.ANON, 1);
        port.poison(destination + PAGE, PAGE, 0);
        port.writeProtect(destination + 2 * PAGE, PAGE, WRITEPROTECT_WP);
        for (int page = 0; page < 3; page++) {
            assertThat(port.move(destination + page * PAGE, source, PAGE, 0))
                    .isEqualTo(new IoctlResult(Errno.EEXIST, -17));
        }
        assertThat(kernel.token(source)).as("still there").isEqualTo(1000);
    }

    @Test
    @DisplayName("MOVE: src hole without ALLOW_SRC_HOLES | ENOENT; with it the hole counts as moved")
    void shouldPassOverHolesOnlyWhenAllowed() {
        kernel.copy(source + PAGE, Memory.ANON, 1);
        assertThat(port.move(destination, source, 3 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.ENOENT, -2));
        assertThat(port.move(destination, source, 3 * PAGE, MOVE_ALLOW_SRC_HOLES)).isEqualTo(IoctlResult.ok(3 * PAGE));
        assertThat(kernel.entry(destination)).isEqualTo(Entry.NONE);
        assertThat(kernel.token(destination + PAGE)).isEqualTo(1000);
    }

    @Test
    @DisplayName("MOVE: partial | EAGAIN, f = bytes")
    void shouldTellHowFarItCameAndWakeOnlyThat() {
        kernel.copy(source, Memory.ANON, 3);
        kernel.copy(destination + 2 * PAGE, Memory.ANON, 1);
        kernel.raiseQueued(1, destination + PAGE);
        kernel.raiseQueued(2, destination + 4 * PAGE);
        assertThat(port.move(destination, source, 3 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 2 * PAGE));
        assertThat(kernel.sink.take()).containsExactly(1);
        assertThat(kernel.token(source + 2 * PAGE)).isEqualTo(1002);
    }

    @Test
    @DisplayName("MOVE: page not exclusive | EBUSY, f = -16")
    void shouldRefuseAPageThatOthersShare() {
        kernel.copy(source, Memory.ANON, 1);
        kernel.frames.exclusive(Entry.frame(kernel.entry(source)), false);
        assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EBUSY, -16));
    }

    @ParameterizedTest
    @EnumSource(names = {"SHMEM", "SHMEM_PRIVATE", "HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("MOVE: shmem or hugetlb | EINVAL, f = -22")
    void shouldRefuseWhatIsNotAnonymous(Memory memory) {
        long other = kernel.registered(memory, 1, REGISTER_MISSING);
        kernel.copy(other, memory, 1);
        assertThat(port.move(destination, other, PAGE, 0)).isEqualTo(INVALID);
        kernel.copy(source, Memory.ANON, 1);
        assertThat(port.move(other, source, PAGE, 0)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("MOVE: read-only src | EINVAL")
    void shouldRefuseMappingsThatAreNotBothWritable() {
        kernel.copy(source, Memory.ANON, 1);
        kernel.space.mprotect(source, 2048 * PAGE, AddressSpace.PROT_READ);
        assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("MOVE: dst not registered, foreign uffd | EINVAL")
    void shouldRefuseADestinationThatIsNotItsOwn() {
        kernel.copy(source, Memory.ANON, 1);
        long plain = kernel.map(Memory.ANON, 1);
        assertThat(port.move(plain, source, PAGE, 0)).isEqualTo(INVALID);
        kernel.anotherPort(2).register(plain, PAGE, REGISTER_MISSING);
        assertThat(port.move(plain, source, PAGE, 0)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("MOVE: src == dst or src unmapped | ENOENT; range beyond the mapping | EINVAL")
    void shouldRefuseASourceThatIsNotThere() {
        IoctlResult notThere = new IoctlResult(Errno.ENOENT, -2);
        assertThat(port.move(destination, destination, PAGE, 0)).isEqualTo(notThere);
        assertThat(port.move(destination, TestKernel.UNMAPPED, PAGE, 0)).isEqualTo(notThere);
        assertThat(port.move(TestKernel.UNMAPPED, source, PAGE, 0)).isEqualTo(notThere);
        assertThat(port.move(destination + 2047 * PAGE, source, 2 * PAGE, 0)).isEqualTo(INVALID);
        assertThat(port.move(destination, source + 2047 * PAGE, 2 * PAGE, 0)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("MOVE: a marker at the source | EFAULT (move_pages_pte)")
    void shouldRefuseAMarkerAtTheSource() {
        port.poison(source, PAGE, 0);
        assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
    }

    @Test
    void shouldRefuseMalformedRequestsUntouched() {
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.move(destination + 1, source, PAGE, 0)).isEqualTo(invalid);
        assertThat(port.move(destination, source + 1, PAGE, 0)).isEqualTo(invalid);
        assertThat(port.move(destination, source, 0, 0)).isEqualTo(invalid);
        assertThat(port.move(destination, source, PAGE, 4)).isEqualTo(invalid);
    }

    @Test
    void shouldLeaveWaitersAsleepWhenToldTo() {
        kernel.copy(source, Memory.ANON, 1);
        kernel.raiseQueued(1, destination);
        assertThat(port.move(destination, source, PAGE, MOVE_DONTWAKE).isOk()).isTrue();
        assertThat(kernel.sink.take()).isEmpty();
    }

    @Test
    @DisplayName("While a lease on either side is recalled | EAGAIN, f = -11")
    void shouldAnswerAgainWhileALeaseIsRecalled() {
        kernel.copy(source, Memory.ANON, 1);
        IoctlResult again = new IoctlResult(Errno.EAGAIN, -11);
        kernel.whileRecalled(source, PAGE, () -> assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(again));
        kernel.whileRecalled(
                destination, PAGE, () -> assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(again));
        assertThat(port.move(destination, source, PAGE, 0).isOk()).isTrue();
    }

    @Test
    @DisplayName("Selftest move-pmd: a large page moves whole")
    void shouldMoveALargePageWhole() {
        kernel.copyLarge(source);
        assertThat(port.move(destination, source, LARGE, 0)).isEqualTo(IoctlResult.ok(LARGE));
        assertThat(Entry.size(kernel.entry(destination))).isEqualTo(PageSize.SIZE_2M);
        assertThat(kernel.space.hva().isEmpty(source, source + LARGE)).isTrue();
        assertThat(kernel.token(destination + LARGE - PAGE)).isEqualTo(1511);
    }

    @Test
    @DisplayName("Selftest move-pmd-split: a part of a large page moves after a shatter")
    void shouldShatterALargePageToMoveAPartOfIt() {
        kernel.copyLarge(source);
        assertThat(port.move(destination, source + PAGE, 2 * PAGE, 0)).isEqualTo(IoctlResult.ok(2 * PAGE));
        assertThat(kernel.token(destination)).isEqualTo(1001);
        assertThat(kernel.token(destination + PAGE)).isEqualTo(1002);
        assertThat(kernel.token(source)).isEqualTo(1000);
        assertThat(kernel.entry(source + PAGE)).isEqualTo(Entry.NONE);
        assertThat(Entry.size(kernel.entry(source + 3 * PAGE))).isEqualTo(PageSize.SIZE_4K);
    }

    @Test
    void shouldShatterWhenTheDestinationIsNotAligned() {
        kernel.copyLarge(source);
        assertThat(port.move(destination + PAGE, source, LARGE, 0)).isEqualTo(IoctlResult.ok(LARGE));
        assertThat(kernel.token(destination + LARGE)).isEqualTo(1511);
    }

    @Test
    void shouldStopAtWhatIsInTheWayOfALargePage() {
        kernel.copyLarge(source);
        kernel.copy(destination + 3 * PAGE, Memory.ANON, 1);
        assertThat(port.move(destination, source, LARGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 3 * PAGE));
        assertThat(kernel.token(source + 3 * PAGE)).isEqualTo(1003);
    }

    @Test
    void shouldNotShatterALargePageThatOthersShare() {
        kernel.copyLarge(source);
        kernel.frames.exclusive(Entry.frame(kernel.entry(source)), PageSize.SIZE_2M, false);
        assertThat(port.move(destination, source, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EBUSY, -16));
        assertThat(Entry.size(kernel.entry(source))).isEqualTo(PageSize.SIZE_2M);
    }

    @Test
    @DisplayName("Selftest move: the first read of dst is a plain missing fault; faults = steps; minor = 0")
    void shouldResolveMissingFaultsByMoving() {
        kernel.copy(source, Memory.ANON, 16);
        for (int page = 0; page < 16; page++) {
            kernel.raiseQueued(page, destination + page * PAGE);
            UserfaultMessages messages = kernel.read();
            assertThat(messages.count()).isEqualTo(1);
            assertThat(messages.flags(0)).isZero();
            assertThat(port.move(messages.address(0), source + page * PAGE, PAGE, 0).isOk()).isTrue();
            assertThat(kernel.sink.take()).containsExactly(page);
            assertThat(kernel.token(destination + page * PAGE)).isEqualTo(1000 + page);
        }
        assertThat(kernel.space.hva().isEmpty(source, source + 16 * PAGE)).isTrue();
    }
}
