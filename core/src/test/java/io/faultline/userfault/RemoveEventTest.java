package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rows of the errno table about unread non-fault events. */
class RemoveEventTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final IoctlResult AGAIN = new IoctlResult(Errno.EAGAIN, -11);

    private final TestKernel kernel = new TestKernel();
    private final SimulatedUserfaultPort port = kernel.port;
    private final PageBuffer page = TestKernel.numbered(PageSize.SIZE_4K, 1);
    private final long start = kernel.registered(Memory.SHMEM, 4, REGISTER_MISSING | REGISTER_MINOR | REGISTER_WP);

    @Test
    @DisplayName("Selftest mmap-changing: each op | EAGAIN, f = -11 (WP has no field); reading the event frees it")
    void shouldAnswerAgainUntilTheEventIsRead() {
        assertThat(port.removeEvent(9, start, start + PAGE)).isTrue();
        assertThat(port.isMemoryChanging()).isTrue();
        assertThat(port.copy(start, page, 0, PAGE, 0)).isEqualTo(AGAIN);
        assertThat(port.zeropage(start, PAGE, 0)).isEqualTo(AGAIN);
        assertThat(port.move(start, start + PAGE, PAGE, 0)).isEqualTo(AGAIN);
        assertThat(port.poison(start, PAGE, 0)).isEqualTo(AGAIN);
        assertThat(port.continueMapping(start, PAGE, 0)).isEqualTo(AGAIN);
        assertThat(port.writeProtect(start, PAGE, UserfaultModes.WRITEPROTECT_WP))
                .isEqualTo(new IoctlResult(Errno.EAGAIN, IoctlResult.UNTOUCHED));

        UserfaultMessages messages = kernel.read();
        assertThat(messages.count()).isEqualTo(1);
        assertThat(messages.event(0)).isEqualTo(UserfaultEvents.REMOVE);
        assertThat(messages.start(0)).isEqualTo(start);
        assertThat(messages.end(0)).isEqualTo(start + PAGE);
        assertThat(kernel.sink.released)
                .containsExactly(new WokenWaiters.Released(9, UserfaultEvents.REMOVE, start, start + PAGE));
        assertThat(port.isMemoryChanging()).isFalse();
        assertThat(port.copy(start, page, 0, PAGE, 0).isOk()).isTrue();
    }

    @Test
    @DisplayName("the EAGAIN comes before any look at the arguments")
    void shouldAnswerAgainEvenToMalformedRequests() {
        port.removeEvent(9, start, start + PAGE);
        assertThat(port.copy(start + 1, page, 0, 0, 99)).isEqualTo(AGAIN);
    }

    @Test
    @DisplayName("WAKE works while an event is unread")
    void shouldWakeMeanwhile() {
        kernel.raiseQueued(1, start);
        port.removeEvent(9, start, start + PAGE);
        assertThat(port.wake(start, PAGE)).isEqualTo(IoctlResult.DONE);
        assertThat(kernel.sink.take()).containsExactly(1);
    }

    @Test
    @DisplayName("a PAGEFAULT is read before the REMOVE that was queued first")
    void shouldReadFaultsBeforeEvents() {
        port.removeEvent(9, start, start + PAGE);
        kernel.raiseQueued(1, start);
        UserfaultMessages one = new UserfaultMessages(1);
        assertThat(port.read(one)).isEqualTo(Errno.OK);
        assertThat(one.isFault(0)).isTrue();
        assertThat(port.isMemoryChanging()).as("the event is still unread").isTrue();
        UserfaultMessages rest = kernel.read();
        assertThat(rest.event(0)).isEqualTo(UserfaultEvents.REMOVE);
    }

    @Test
    void shouldAnswerAgainUntilTheLastOfSeveralEventsIsRead() {
        port.removeEvent(8, start, start + PAGE);
        port.removeEvent(9, start + PAGE, start + 2 * PAGE);
        UserfaultMessages one = new UserfaultMessages(1);
        port.read(one);
        assertThat(port.copy(start, page, 0, PAGE, 0)).isEqualTo(AGAIN);
        kernel.read();
        assertThat(port.copy(start, page, 0, PAGE, 0).isOk()).isTrue();
        assertThat(kernel.sink.released).extracting(WokenWaiters.Released::caller).containsExactly(8, 9);
    }

    @Test
    void shouldLetTheCallerGoAtOnceWithoutTheFeature() {
        TestKernel plain = new TestKernel(0);
        long range = plain.registered(Memory.ANON, 1, REGISTER_MISSING);
        assertThat(plain.port.removeEvent(9, range, range + PAGE)).isFalse();
        assertThat(plain.port.isMemoryChanging()).isFalse();
    }
}
