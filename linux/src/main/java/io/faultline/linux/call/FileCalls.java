package io.faultline.linux.call;

import static io.faultline.linux.call.Native.INT;
import static io.faultline.linux.call.Native.LONG;
import static io.faultline.linux.call.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Descriptors and what lies behind them: open(2), read(2), ioctl(2), memfd_create(2) and their relatives. */
public final class FileCalls {
    private static final MethodHandle OPEN = Native.variadic("open", 2, INT, POINTER, INT);
    private static final MethodHandle CLOSE = Native.function("close", INT, INT);
    private static final MethodHandle FCNTL = Native.variadic("fcntl", 2, INT, INT, INT, INT);
    private static final MethodHandle READ = Native.function("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE = Native.function("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle PREAD = Native.function("pread", LONG, INT, POINTER, LONG, LONG);
    private static final MethodHandle PWRITE = Native.function("pwrite", LONG, INT, POINTER, LONG, LONG);
    private static final MethodHandle IOCTL_POINTER = Native.variadic("ioctl", 2, INT, INT, LONG, POINTER);
    private static final MethodHandle IOCTL_NUMBER = Native.variadic("ioctl", 2, INT, INT, LONG, LONG);
    private static final MethodHandle MEMFD_CREATE = Native.function("memfd_create", INT, POINTER, INT);
    private static final MethodHandle FTRUNCATE = Native.function("ftruncate", INT, INT, LONG);
    private static final MethodHandle FALLOCATE = Native.function("fallocate", INT, INT, INT, LONG, LONG);

    private FileCalls() {}

    /**
     * open(2), of what exists.
     *
     * @param path of the file
     * @param flags {@code O_} bits of {@link FileFlags}
     * @return the descriptor, or the negative errno
     */
    public static int open(String path, int flags) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            // Safe: the path ends in a zero byte and outlives the call.
            return (int) state.answer((int) OPEN.invokeExact(state.captured(), arena.allocateFrom(path), flags));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * close(2). Never called again for the same number, whatever it answers: it may be somebody else's by then.
     *
     * @param descriptor to close
     * @return 0, or the negative errno
     */
    public static int close(int descriptor) {
        CallState state = CallState.ofThread();
        try {
            // Safe as long as whoever opened it closes it, once.
            return (int) state.answer((int) CLOSE.invokeExact(state.captured(), descriptor));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * A second descriptor of the same thing, closed by exec (fcntl(2), F_DUPFD_CLOEXEC).
     *
     * @param descriptor the first
     * @return the second, or the negative errno
     */
    public static int duplicate(int descriptor) {
        CallState state = CallState.ofThread();
        try {
            // Safe: no memory is involved.
            return (int) state.answer(
                    (int) FCNTL.invokeExact(state.captured(), descriptor, FileFlags.F_DUPFD_CLOEXEC, 0));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * read(2).
     *
     * @param descriptor to read from
     * @param into takes the bytes; its length is how many to ask for
     * @return the bytes read, or the negative errno
     */
    public static long read(int descriptor, MemorySegment into) {
        return transfer(READ, descriptor, into);
    }

    /**
     * write(2).
     *
     * @param descriptor to write to
     * @param from the bytes
     * @return the bytes written, or the negative errno
     */
    public static long write(int descriptor, MemorySegment from) {
        return transfer(WRITE, descriptor, from);
    }

    private static long transfer(MethodHandle call, int descriptor, MemorySegment here) {
        CallState state = CallState.ofThread();
        try {
            // Safe: the kernel stays within the segment, which is kept alive by the linker.
            return state.answer((long) call.invokeExact(state.captured(), descriptor, here, here.byteSize()));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * pread(2).
     *
     * @param descriptor to read from
     * @param into takes the bytes
     * @param offset in the file
     * @return the bytes read, or the negative errno
     */
    public static long pread(int descriptor, MemorySegment into, long offset) {
        return transfer(PREAD, descriptor, into, offset);
    }

    /**
     * pwrite(2).
     *
     * @param descriptor to write to
     * @param from the bytes
     * @param offset in the file
     * @return the bytes written, or the negative errno
     */
    public static long pwrite(int descriptor, MemorySegment from, long offset) {
        return transfer(PWRITE, descriptor, from, offset);
    }

    private static long transfer(MethodHandle call, int descriptor, MemorySegment here, long offset) {
        CallState state = CallState.ofThread();
        try {
            // Safe as read and write are.
            return state.answer((long) call.invokeExact(state.captured(), descriptor, here, here.byteSize(), offset));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * ioctl(2) with a structure.
     *
     * @param descriptor what to ask
     * @param request carries the structure's size, see {@link Ioctl}
     * @param argument the structure, at least as long as the request says
     * @return what the call answered, or the negative errno
     * @throws IllegalArgumentException when the structure is too short
     */
    public static int ioctl(int descriptor, long request, MemorySegment argument) {
        if (argument.byteSize() < Ioctl.sizeOf(request)) {
            throw new IllegalArgumentException(
                    "ioctl 0x" + Long.toHexString(request) + " takes " + Ioctl.sizeOf(request)
                            + " bytes, the argument has " + argument.byteSize());
        }
        CallState state = CallState.ofThread();
        try {
            // Safe: the kernel reads and writes as many bytes as the request says, which was checked. Addresses inside the
            // structure are the kernel's to check.
            return (int) state.answer(
                    (int) IOCTL_POINTER.invokeExact(state.captured(), descriptor, request, argument));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * ioctl(2) with a number.
     *
     * @param descriptor what to ask
     * @param request one that takes no structure
     * @param argument the number
     * @return what the call answered, or the negative errno
     * @throws IllegalArgumentException when the request takes a structure
     */
    public static int ioctl(int descriptor, long request, long argument) {
        if (Ioctl.sizeOf(request) != 0) {
            throw new IllegalArgumentException("ioctl 0x" + Long.toHexString(request) + " takes a structure");
        }
        CallState state = CallState.ofThread();
        try {
            // Safe: the request takes no pointer.
            return (int) state.answer((int) IOCTL_NUMBER.invokeExact(state.captured(), descriptor, request, argument));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * memfd_create(2).
     *
     * @param name as it will stand in /proc
     * @param flags {@code MFD_} bits, and the size of a huge page shifted by {@link MemoryFlags#HUGE_SHIFT}
     * @return the descriptor, or the negative errno
     */
    public static int memfdCreate(String name, int flags) {
        CallState state = CallState.ofThread();
        try (Arena arena = Arena.ofConfined()) {
            // Safe as open is.
            return (int) state.answer(
                    (int) MEMFD_CREATE.invokeExact(state.captured(), arena.allocateFrom(name), flags));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * ftruncate(2).
     *
     * @param descriptor of a file
     * @param length its bytes afterwards
     * @return 0, or the negative errno
     */
    public static int ftruncate(int descriptor, long length) {
        CallState state = CallState.ofThread();
        try {
            // Safe where no Java code has the file mapped: what lies beyond its end answers EFAULT to system calls.
            return (int) state.answer((int) FTRUNCATE.invokeExact(state.captured(), descriptor, length));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }

    /**
     * fallocate(2). Punching a hole blocks until a REMOVE event, where asked for, has been read.
     *
     * @param descriptor of a file
     * @param mode {@code FALLOC_} bits
     * @param offset in the file
     * @param length bytes
     * @return 0, or the negative errno
     */
    public static int fallocate(int descriptor, int mode, long offset, long length) {
        CallState state = CallState.ofThread();
        try {
            // Safe as ftruncate is.
            return (int) state.answer((int) FALLOCATE.invokeExact(state.captured(), descriptor, mode, offset, length));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        }
    }
}
