package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.space.UserfaultRegistration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The REGISTER and UNREGISTER rows of the errno table. */
class RegisterTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final IoctlResult INVALID = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @ParameterizedTest
    @CsvSource({
        "ANON, 1, 0x13c", "ANON, 3, 0x17c", "SHMEM, 4, 0x1bc", "SHMEM, 7, 0x1fc", "HUGETLB_2M, 3, 0x14c"
    })
    @DisplayName("register.ioctls as measured")
    void shouldAnswerTheMeasuredMasks(Memory memory, int modes, String mask) {
        long start = kernel.map(memory, 1);
        assertThat(port.register(start, memory.pageBytes(), modes)).isEqualTo(IoctlResult.ok(Long.decode(mask)));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("Selftest register-ioctls: each of the 8 mode sets")
    void shouldTellTheIoctlsOfEachModeSet(Memory memory) {
        for (int modes = 0; modes < 8; modes++) {
            long start = kernel.map(memory, 1);
            IoctlResult result = port.register(start, memory.pageBytes(), modes);
            boolean minor = (modes & REGISTER_MINOR) != 0;
            if (modes == 0 || (minor && memory.isAnon())) {
                assertThat(result).as("modes %d", modes).isEqualTo(INVALID);
                continue;
            }
            assertThat(result.errno()).isEqualTo(Errno.OK);
            assertThat(lists(result, UserfaultIoctls.WAKE)).isTrue();
            assertThat(lists(result, UserfaultIoctls.COPY)).isTrue();
            assertThat(lists(result, UserfaultIoctls.WRITEPROTECT)).isEqualTo((modes & REGISTER_WP) != 0);
            assertThat(lists(result, UserfaultIoctls.CONTINUE)).isEqualTo(minor);
            assertThat(lists(result, UserfaultIoctls.ZEROPAGE)).isEqualTo(!memory.isHugetlb());
        }
    }

    private static boolean lists(IoctlResult result, int ioctl) {
        return (result.field() & UserfaultIoctls.bit(ioctl)) != 0;
    }

    @Test
    @DisplayName("REGISTER: mode 0 or unknown, unaligned, len 0, unmapped, beyond the address space | EINVAL")
    void shouldRefuseMalformedRequests() {
        long start = kernel.map(Memory.ANON, 2);
        assertThat(port.register(start, PAGE, 0)).isEqualTo(INVALID);
        assertThat(port.register(start, PAGE, 8)).isEqualTo(INVALID);
        assertThat(port.register(start + 1, PAGE, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(start, PAGE + 1, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(start, 0, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(TestKernel.UNMAPPED, PAGE, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(AddressRanges.LIMIT, PAGE, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(start, AddressRanges.LIMIT, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(-PAGE, PAGE, REGISTER_MISSING)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("REGISTER: MINOR on anon | EINVAL")
    void shouldRefuseMinorFaultsOfAnonymousMemory() {
        long start = kernel.map(Memory.ANON, 1);
        assertThat(port.register(start, PAGE, REGISTER_MISSING | REGISTER_MINOR)).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @EnumSource(names = {"HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("REGISTER: hugetlb sub-page | EINVAL")
    void shouldRefuseAPartOfAHugePage(Memory memory) {
        long start = kernel.map(memory, 2);
        assertThat(port.register(start, PAGE, REGISTER_MISSING)).isEqualTo(INVALID);
        assertThat(port.register(start + PAGE, memory.pageBytes(), REGISTER_MISSING)).isEqualTo(INVALID);
    }

    @Test
    @DisplayName("REGISTER: owned by another uffd | EBUSY, nothing registered")
    void shouldRefuseARangeOfAnotherPort() {
        long start = kernel.map(Memory.ANON, 2);
        assertThat(kernel.anotherPort(2).register(start + PAGE, PAGE, REGISTER_MISSING).isOk()).isTrue();
        assertThat(port.register(start, 2 * PAGE, REGISTER_MISSING))
                .isEqualTo(new IoctlResult(Errno.EBUSY, IoctlResult.UNTOUCHED));
        assertThat(kernel.vma(start).registration()).isNull();
    }

    @Test
    @DisplayName("REGISTER: again by the same | ok, mode replaced")
    void shouldReplaceTheModes() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        assertThat(port.register(start, PAGE, REGISTER_WP).isOk()).isTrue();
        assertThat(kernel.vma(start).registration()).isEqualTo(new UserfaultRegistration(1, REGISTER_WP));
    }

    @Test
    @DisplayName("REGISTER: again by the same with fewer modes | ok, nothing changes (userfaultfd_register_range)")
    void shouldKeepModesWhenAllAskedForAreThere() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        assertThat(port.register(start, PAGE, REGISTER_MISSING)).isEqualTo(IoctlResult.ok(0x13c));
        assertThat(kernel.vma(start).isRegistered(REGISTER_WP)).isTrue();
    }

    @Test
    @DisplayName("REGISTER: range with a hole | ok")
    void shouldRegisterAcrossAHole() {
        long first = kernel.map(Memory.ANON, 1);
        long second = kernel.map(Memory.ANON, 1);
        assertThat(port.register(first, second + PAGE - first, REGISTER_MISSING).isOk()).isTrue();
        assertThat(kernel.vma(first).isRegistered(REGISTER_MISSING)).isTrue();
        assertThat(kernel.vma(second).isRegistered(REGISTER_MISSING)).isTrue();
    }

    @Test
    void shouldRegisterAPartOfAMapping() {
        long start = kernel.map(Memory.ANON, 3);
        assertThat(port.register(start + PAGE, PAGE, REGISTER_MISSING).isOk()).isTrue();
        assertThat(kernel.vma(start).registration()).isNull();
        assertThat(kernel.vma(start + PAGE).registration()).isNotNull();
        assertThat(kernel.vma(start + 2 * PAGE).registration()).isNull();
    }

    @Test
    @DisplayName("UNREGISTER: unmapped, bad len, owned by another uffd | EINVAL")
    void shouldRefuseToUnregisterWhatIsNotItsOwn() {
        assertThat(port.unregister(TestKernel.UNMAPPED, PAGE)).isEqualTo(INVALID);
        long start = kernel.map(Memory.ANON, 1);
        assertThat(port.unregister(start, 0)).isEqualTo(INVALID);
        assertThat(port.unregister(start, 5)).isEqualTo(INVALID);
        kernel.anotherPort(2).register(start, PAGE, REGISTER_MISSING);
        assertThat(port.unregister(start, PAGE)).isEqualTo(INVALID);
        assertThat(kernel.vma(start).registration()).isNotNull();
    }

    @Test
    @DisplayName("UNREGISTER: a bound inside a huge page | EINVAL")
    void shouldRefuseToUnregisterAPartOfAHugePage() {
        long start = kernel.registered(Memory.HUGETLB_2M, 2, REGISTER_MISSING);
        long huge = Memory.HUGETLB_2M.pageBytes();
        assertThat(port.unregister(start + PAGE, huge - PAGE)).isEqualTo(INVALID);
        assertThat(port.unregister(start, huge + PAGE)).isEqualTo(INVALID);
        assertThat(kernel.vma(start).registration()).isNotNull();
    }

    @Test
    @DisplayName("UNREGISTER: never registered but compatible | ok")
    void shouldUnregisterWhatWasNeverRegistered() {
        long start = kernel.map(Memory.ANON, 1);
        assertThat(port.unregister(start, PAGE)).isEqualTo(IoctlResult.DONE);
    }

    @Test
    void shouldWakeWaitersOfMissingRangesOnly() {
        long missing = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        long minor = kernel.registered(Memory.SHMEM, 1, REGISTER_MINOR);
        kernel.fillThroughAlias(minor, 1);
        kernel.raiseQueued(1, missing);
        kernel.raiseQueued(2, minor);
        assertThat(port.unregister(missing, PAGE).isOk()).isTrue();
        assertThat(kernel.sink.take()).containsExactly(1);
        assertThat(port.unregister(minor, PAGE).isOk()).isTrue();
        assertThat(kernel.sink.take()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldTakeWriteProtectionBackWhenUnregistered(Memory memory) {
        long start = kernel.registered(memory, 2, REGISTER_MISSING | REGISTER_WP);
        kernel.copy(start, memory, 1);
        assertThat(port.writeProtect(start, 2 * memory.pageBytes(), UserfaultModes.WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(port.unregister(start, 2 * memory.pageBytes()).isOk()).isTrue();
        assertThat(Entry.isWritable(kernel.entry(start))).isTrue();
        assertThat(kernel.entry(start + memory.pageBytes())).isEqualTo(Entry.NONE);
    }
}
