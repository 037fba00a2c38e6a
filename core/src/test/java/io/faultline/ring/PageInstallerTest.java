package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.PageInstaller.Outcome;
import io.faultline.ring.ScriptedPort.Call;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.IoctlResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each errno means to each resolution; ioctl_userfaultfd(2). */
class PageInstallerTest {
    private static final long HVA = 1L << 40;
    private static final long PAGE_HVA = HVA + 2 * 4096;
    private static final long STAGING = 1L << 30;
    private static final MemslotPages SLOT = new MemslotPages(1, 100, 8, HVA, PageSize.SIZE_4K);

    private final ScriptedPort port = new ScriptedPort();

    private static PageBatch batch(MemslotPages slot, Resolution resolution) {
        PageBatch batch = slot.newBatch(1);
        batch.add(slot.pageAt(2), 1, FaultKind.MISSING, false, false, 0);
        if (resolution == Resolution.MOVE) {
            batch.staged(0, 3, STAGING);
        } else {
            batch.slot(0, 0, PageBuffer.tokens(slot.pageSize(), 1));
        }
        batch.resolution(resolution);
        return batch;
    }

    private PageInstaller installer(boolean writeProtect, boolean zeroPages) {
        return new PageInstaller(port, SLOT, writeProtect, zeroPages, true);
    }

    private Outcome install(Resolution resolution) {
        return installer(false, true).install(batch(SLOT, resolution), 0);
    }

    @ParameterizedTest
    @CsvSource({
        "COPY, EEXIST, DONE", "COPY, EAGAIN, PARKED", "COPY, ENOMEM, NO_FRAME", "COPY, ENOENT, GONE",
        "COPY, ESRCH, GONE",
        "MOVE, EAGAIN, PARKED", "ZEROPAGE, EAGAIN, PARKED", "ZEROPAGE, ENOMEM, NO_FRAME",
        "ZEROPAGE, ENOENT, GONE", "ZEROPAGE, ESRCH, GONE",
        "CONTINUE, EEXIST, DONE", "CONTINUE, EAGAIN, PARKED", "CONTINUE, EFAULT, NOT_CACHED",
        "CONTINUE, ENOMEM, NO_FRAME", "CONTINUE, ENOENT, GONE", "CONTINUE, ESRCH, GONE", "CONTINUE, EIO, GONE",
        "UNPROTECT, EAGAIN, PARKED", "UNPROTECT, ENOENT, GONE", "UNPROTECT, ESRCH, GONE",
        "POISON, EAGAIN, PARKED", "POISON, ENOENT, GONE", "POISON, ESRCH, GONE"})
    void shouldKnowWhatEachErrnoMeans(Resolution resolution, Errno errno, Outcome outcome) {
        port.answering(resolution == Resolution.UNPROTECT ? IoctlResult.failed(errno) : IoctlResult.refused(errno));

        assertThat(install(resolution)).isEqualTo(outcome);

        port.allAnswersWereUsed();
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeDoneWhenThePortIsAndLeaveTheWakingToTheCaller(Resolution resolution) {
        port.answering(resolution == Resolution.UNPROTECT ? IoctlResult.DONE : IoctlResult.ok(4096));

        assertThat(install(resolution)).isEqualTo(resolution == Resolution.MOVE ? Outcome.MOVED : Outcome.DONE);

        String name = resolution == Resolution.UNPROTECT ? "WRITEPROTECT" : resolution.name();
        long source = resolution == Resolution.MOVE ? STAGING + 3 * 4096 : 0;
        int dontWake = resolution == Resolution.UNPROTECT ? 2 : 1;
        assertThat(port.calls).containsExactly(new Call(name, PAGE_HVA, source, 4096, dontWake));
    }

    @ParameterizedTest
    @EnumSource
    void shouldThrowWhenTheAnswerIsOneNobodyCanMend(Resolution resolution) {
        port.answering(IoctlResult.failed(Errno.EINVAL));

        assertThatThrownBy(() -> install(resolution)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("0x" + Long.toHexString(PAGE_HVA))
                .hasMessageContaining("memslot 1");
    }

    @ParameterizedTest
    @CsvSource({"EEXIST, DONE", "EAGAIN, PARKED", "ENOMEM, NO_FRAME", "ENOENT, GONE"})
    void shouldCopyZerosOverWhatMayBeNoMoreThanAMarker(Errno copyErrno, Outcome outcome) {
        port.answering(IoctlResult.refused(Errno.EEXIST), IoctlResult.refused(copyErrno));

        assertThat(install(Resolution.ZEROPAGE)).isEqualTo(outcome);

        assertThat(port.calls).extracting(Call::name).containsExactly("ZEROPAGE", "COPY");
    }

    @ParameterizedTest
    @CsvSource({"EEXIST, DONE", "EAGAIN, PARKED", "ENOENT, GONE"})
    void shouldTakeAMarkerAwayBeforeItPoisons(Errno secondErrno, Outcome outcome) {
        port.answering(IoctlResult.refused(Errno.EEXIST), IoctlResult.DONE, IoctlResult.refused(secondErrno));

        assertThat(install(Resolution.POISON)).isEqualTo(outcome);

        assertThat(port.calls).extracting(Call::name).containsExactly("POISON", "WRITEPROTECT", "POISON");
    }

    @ParameterizedTest
    @CsvSource({"OK, MOVED", "EEXIST, DONE", "EAGAIN, PARKED"})
    void shouldTakeAMarkerAwayThatIsInTheWayOfAMove(Errno secondErrno, Outcome outcome) {
        IoctlResult second = secondErrno == Errno.OK ? IoctlResult.ok(4096) : IoctlResult.refused(secondErrno);
        port.answering(IoctlResult.refused(Errno.EEXIST), IoctlResult.DONE, second);

        assertThat(install(Resolution.MOVE)).isEqualTo(outcome);

        assertThat(port.calls).extracting(Call::name).containsExactly("MOVE", "WRITEPROTECT", "MOVE");
    }

    @ParameterizedTest
    @EnumSource(names = {"ENOENT", "EBUSY"})
    void shouldThrowWhenThePageIsNotInItsSlotOrNotItsAlone(Errno errno) {
        port.answering(IoctlResult.refused(errno));

        assertThatThrownBy(() -> install(Resolution.MOVE)).hasMessageContaining(errno.name())
                .hasMessageContaining("0x" + Long.toHexString(STAGING + 3 * 4096));
    }

    @Test
    void shouldGoOnWithAPartialMoveFromWhereItStopped() {
        MemslotPages large = new MemslotPages(1, 100, 8, HVA, PageSize.SIZE_2M);
        long bytes = PageSize.SIZE_2M.bytes();
        port.answering(new IoctlResult(Errno.EAGAIN, 3 * 4096), IoctlResult.ok(bytes - 3 * 4096));

        Outcome outcome = new PageInstaller(port, large, false, true, true).install(batch(large, Resolution.MOVE), 0);

        long source = STAGING + 3 * bytes;
        assertThat(outcome).isEqualTo(Outcome.MOVED);
        assertThat(port.calls).containsExactly(new Call("MOVE", large.hvaOf(2), source, bytes, 1),
                new Call("MOVE", large.hvaOf(2) + 3 * 4096, source + 3 * 4096, bytes - 3 * 4096, 1));
    }

    @Test
    void shouldGoOnWithAPartialCopyFromWhereItStopped() {
        MemslotPages large = new MemslotPages(1, 100, 8, HVA, PageSize.SIZE_2M);
        long bytes = PageSize.SIZE_2M.bytes();
        port.answering(new IoctlResult(Errno.EAGAIN, 3 * 4096), new IoctlResult(Errno.EAGAIN, 4096),
                IoctlResult.ok(bytes - 4 * 4096));

        Outcome outcome = new PageInstaller(port, large, false, true, true).install(batch(large, Resolution.COPY), 0);

        long start = large.hvaOf(2);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        assertThat(port.calls).containsExactly(new Call("COPY", start, 0, bytes, 1),
                new Call("COPY", start + 3 * 4096, 3 * 4096, bytes - 3 * 4096, 1),
                new Call("COPY", start + 4 * 4096, 4 * 4096, bytes - 4 * 4096, 1));
    }

    @Test
    void shouldParkACopyThatStoppedHalfWayAndThenMustWait() {
        port.answering(new IoctlResult(Errno.EAGAIN, 4096), IoctlResult.refused(Errno.EAGAIN));
        MemslotPages large = new MemslotPages(1, 100, 8, HVA, PageSize.SIZE_2M);

        Outcome outcome = new PageInstaller(port, large, false, true, true).install(batch(large, Resolution.COPY), 0);

        assertThat(outcome).isEqualTo(Outcome.PARKED);
    }

    @Test
    void shouldInstallWriteProtectedWhereThereIsSuchAMode() {
        PageInstaller installer = installer(true, true);
        port.answering(IoctlResult.ok(4096), IoctlResult.ok(4096));

        installer.install(batch(SLOT, Resolution.COPY), 0);
        installer.install(batch(SLOT, Resolution.CONTINUE), 0);

        assertThat(port.calls).extracting(Call::mode).containsExactly(3, 3);
    }

    @Test
    void shouldCopyZerosWhereThereIsNoZeroPage() {
        port.answering(IoctlResult.ok(4096));

        assertThat(installer(false, false).install(batch(SLOT, Resolution.ZEROPAGE), 0)).isEqualTo(Outcome.DONE);

        assertThat(port.calls).extracting(Call::name).containsExactly("COPY");
    }
}
