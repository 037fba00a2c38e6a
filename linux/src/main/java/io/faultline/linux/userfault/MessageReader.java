package io.faultline.linux.userfault;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.linux.call.FileCalls;
import io.faultline.memory.Errno;
import io.faultline.time.NanoClock;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;

/** Reads a userfaultfd's messages, as many as there are and fit, with one read(2). Not thread-safe. */
final class MessageReader {
    private static final int INITIAL_MESSAGES = 64;

    private final NanoClock clock;
    private MemorySegment buffer = allocate(INITIAL_MESSAGES);

    MessageReader(NanoClock clock) {
        this.clock = clock;
    }

    private static MemorySegment allocate(int messages) {
        return Arena.ofAuto().allocate((long) messages * UserfaultAbi.MESSAGE_BYTES, Long.BYTES);
    }

    Errno read(int descriptor, long features, UserfaultMessages into) {
        int room = into.capacity() - into.count();
        long bytes = (long) room * UserfaultAbi.MESSAGE_BYTES;
        if (buffer.byteSize() < bytes) {
            buffer = allocate(into.capacity());
        }
        long got = FileCalls.read(descriptor, buffer.asSlice(0, bytes));
        while (got == -Errno.EINTR.number()) {
            got = FileCalls.read(descriptor, buffer.asSlice(0, bytes));
        }
        if (got < 0) {
            return Errno.ofNumber((int) -got);
        }
        assert got % UserfaultAbi.MESSAGE_BYTES == 0 : "read(2) of a userfaultfd answered " + got + " bytes";
        long readNanos = clock.nanos();
        boolean tellsThreads = (features & UserfaultFeatures.THREAD_ID) != 0;
        for (long message = 0; message < got; message += UserfaultAbi.MESSAGE_BYTES) {
            add(message, tellsThreads, readNanos, into);
        }
        return Errno.OK;
    }

    private void add(long message, boolean tellsThreads, long readNanos, UserfaultMessages into) {
        int event = buffer.get(ValueLayout.JAVA_BYTE, message + UserfaultAbi.MESSAGE_EVENT);
        if (event == UserfaultEvents.PAGEFAULT) {
            int thread = tellsThreads
                    ? buffer.get(ValueLayout.JAVA_INT, message + UserfaultAbi.MESSAGE_FAULT_THREAD)
                    : UserfaultMessages.NO_THREAD;
            int flags = (int) word(message + UserfaultAbi.MESSAGE_FAULT_FLAGS);
            into.addFault(word(message + UserfaultAbi.MESSAGE_FAULT_ADDRESS), flags, thread, readNanos);
        } else if (event == UserfaultEvents.FORK) {
            int child = buffer.get(ValueLayout.JAVA_INT, message + UserfaultAbi.MESSAGE_FORK_DESCRIPTOR);
            into.addEvent(event, child, 0, 0);
        } else {
            long third = event == UserfaultEvents.REMAP ? word(message + UserfaultAbi.MESSAGE_THIRD) : 0;
            into.addEvent(event, word(message + UserfaultAbi.MESSAGE_FIRST),
                    word(message + UserfaultAbi.MESSAGE_SECOND), third);
        }
    }

    private long word(long offset) {
        return buffer.get(ValueLayout.JAVA_LONG, offset);
    }
}
