package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.IoctlResult;
import org.junit.jupiter.api.Test;

class RangeCopyTest {
    private static final long START = 1L << 40;
    private static final long UNIT = 4096;
    private static final long LENGTH = 4 * UNIT;

    private final PageBuffer source = PageBuffer.tokens(PageSize.SIZE_4K, 4);

    private static ScriptedPort.Call copy(long offset) {
        return new ScriptedPort.Call("COPY", START + offset, offset, LENGTH - offset, 1);
    }

    private IoctlResult run(ScriptedPort port) {
        IoctlResult result = RangeCopy.run(port, START, source, LENGTH, UNIT, 1);
        port.allAnswersWereUsed();
        return result;
    }

    @Test
    void shouldGoOnWhereACopyStoppedAndPassOverWhatIsPresent() {
        var port = new ScriptedPort().answering(
                new IoctlResult(Errno.EAGAIN, UNIT), IoctlResult.refused(Errno.EEXIST), IoctlResult.ok(2 * UNIT));

        assertThat(run(port).isOk()).isTrue();

        assertThat(port.calls).containsExactly(copy(0), copy(UNIT), copy(2 * UNIT));
    }

    @Test
    void shouldSayEexistWhenTheLastPageWasPresent() {
        var port = new ScriptedPort().answering(new IoctlResult(Errno.EAGAIN, 3 * UNIT),
                IoctlResult.refused(Errno.EEXIST));

        assertThat(run(port).errno()).isEqualTo(Errno.EEXIST);
    }

    @Test
    void shouldStopWhereItMustWaitAndPassOverWhatIsDoneTheNextTime() {
        var port = new ScriptedPort().answering(new IoctlResult(Errno.EAGAIN, UNIT), IoctlResult.refused(Errno.EAGAIN));
        assertThat(run(port)).isEqualTo(IoctlResult.refused(Errno.EAGAIN));

        port.answering(IoctlResult.refused(Errno.EEXIST), IoctlResult.ok(3 * UNIT));

        assertThat(run(port).isOk()).isTrue();
        assertThat(port.calls).endsWith(copy(0), copy(UNIT));
    }
}
