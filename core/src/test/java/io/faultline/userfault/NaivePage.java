package io.faultline.userfault;

import org.jspecify.annotations.Nullable;

/** A page of {@link NaivePort}: a state and what it holds. */
final class NaivePage {
    /** What is at a page. */
    enum State {
        EMPTY,
        MARKER,
        POISON,
        PRESENT
    }

    final long address;
    final Memory memory;
    int modes;
    State state = State.EMPTY;
    boolean protectedAgainstWrites;
    long token;
    @Nullable
    Long cached;

    NaivePage(long address, Memory memory) {
        this.address = address;
        this.memory = memory;
    }

    long end() {
        return address + memory.pageBytes();
    }

    boolean has(int mode) {
        return (modes & mode) != 0;
    }

    void present(long contents, boolean protect) {
        state = State.PRESENT;
        token = contents;
        protectedAgainstWrites = protect;
        if (memory.isShared()) {
            cached = contents;
        }
    }

    void unprotect() {
        protectedAgainstWrites = false;
        state = state == State.MARKER ? State.EMPTY : state;
    }
}
