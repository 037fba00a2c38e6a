package io.faultline.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** What a thread needs to make system calls: where its errno goes, and room for their small arguments. */
final class CallState {
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURED.byteOffset(PathElement.groupElement("errno"));
    private static final int ARGUMENT_BYTES = 64;
    private static final ThreadLocal<CallState> OF_THREAD = ThreadLocal.withInitial(CallState::new);

    private final MemorySegment captured;
    private final MemorySegment arguments;

    private CallState() {
        Arena arena = Arena.ofAuto(); // goes with the thread
        captured = arena.allocate(CAPTURED);
        arguments = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
    }

    static CallState ofThread() {
        return OF_THREAD.get();
    }

    /** The first argument of every handle that {@link Native} links. */
    MemorySegment captured() {
        return captured;
    }

    /** Room for structures that only live during a call. */
    MemorySegment arguments() {
        return arguments;
    }

    /** What a call answered: its value, or the negative errno where C answers -1. */
    long answer(long returned) {
        return returned == -1 ? -captured.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : returned;
    }
}
