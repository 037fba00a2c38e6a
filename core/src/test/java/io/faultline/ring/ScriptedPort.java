package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.userfault.ApiAnswer;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultPort;

/** A port that answers what it was told to, and keeps what it was asked. */
final class ScriptedPort implements UserfaultPort {
    /** One call: the ioctl's name and its arguments; {@code sourceOffset} is an address for MOVE, 0 where there is no source. */
    record Call(String name, long start, long sourceOffset, long length, int mode) {}

    final List<Call> calls = new ArrayList<>();
    private final Queue<IoctlResult> answers = new ArrayDeque<>();

    ScriptedPort answering(IoctlResult... results) {
        answers.addAll(List.of(results));
        return this;
    }

    private IoctlResult answer(String name, long start, long sourceOffset, long length, int mode) {
        calls.add(new Call(name, start, sourceOffset, length, mode));
        IoctlResult result = answers.poll();
        assertThat(result).as("an answer to %s", calls.getLast()).isNotNull();
        return result;
    }

    void allAnswersWereUsed() {
        assertThat(answers).isEmpty();
    }

    @Override
    public IoctlResult copy(long destination, PageBuffer source, long sourceOffset, long length, int mode) {
        return answer("COPY", destination, sourceOffset, length, mode);
    }

    @Override
    public IoctlResult zeropage(long start, long length, int mode) {
        return answer("ZEROPAGE", start, 0, length, mode);
    }

    @Override
    public IoctlResult continueMapping(long start, long length, int mode) {
        return answer("CONTINUE", start, 0, length, mode);
    }

    @Override
    public IoctlResult writeProtect(long start, long length, int mode) {
        return answer("WRITEPROTECT", start, 0, length, mode);
    }

    @Override
    public IoctlResult poison(long start, long length, int mode) {
        return answer("POISON", start, 0, length, mode);
    }

    @Override
    public IoctlResult wake(long start, long length) {
        return answer("WAKE", start, 0, length, 0);
    }

    @Override
    public IoctlResult move(long destination, long source, long length, int mode) {
        return answer("MOVE", destination, source, length, mode);
    }

    @Override
    public ApiAnswer api(long version, long features) {
        throw new UnsupportedOperationException("API is not scripted");
    }

    @Override
    public IoctlResult register(long start, long length, int modes) {
        throw new UnsupportedOperationException("REGISTER is not scripted");
    }

    @Override
    public IoctlResult unregister(long start, long length) {
        throw new UnsupportedOperationException("UNREGISTER is not scripted");
    }

    @Override
    public Errno read(UserfaultMessages into) {
        throw new UnsupportedOperationException("read is not scripted");
    }

    @Override
    public void close() {
        // Nothing to give back.
    }
}
