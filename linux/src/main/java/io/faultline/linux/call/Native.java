package io.faultline.linux.call;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Links functions of the C library, each with its errno captured before the JVM can overwrite it. */
final class Native {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /** A pointer to memory that Java must not touch: a number, which the x86-64 calling convention passes alike. */
    static final ValueLayout.OfLong RAW_POINTER = ValueLayout.JAVA_LONG;

    private static final int NOT_VARIADIC = -1;
    private static final Linker LINKER = Linker.nativeLinker();

    private Native() {}

    /** A function; its handle takes the {@link CallState} before the function's own arguments. */
    static MethodHandle function(String name, ValueLayout returned, MemoryLayout... arguments) {
        return link(name, NOT_VARIADIC, returned, arguments);
    }

    /** A function declared with {@code ...} after its first arguments. */
    static MethodHandle variadic(String name, int fixedArguments, ValueLayout returned, MemoryLayout... arguments) {
        return link(name, fixedArguments, returned, arguments);
    }

    /** Restricted, because a descriptor that does not fit the function corrupts memory: a test calls each of them. */
    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, int fixed, ValueLayout returned, MemoryLayout... arguments) {
        MemorySegment function = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
        FunctionDescriptor descriptor = FunctionDescriptor.of(returned, arguments);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        return fixed == NOT_VARIADIC
                ? LINKER.downcallHandle(function, descriptor, errno)
                : LINKER.downcallHandle(function, descriptor, errno, Linker.Option.firstVariadicArg(fixed));
    }

    /** What a method handle threw that is declared to throw anything: none of these functions throws. */
    static AssertionError impossible(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception; // an argument that was refused: a closed arena, a heap segment
        }
        return new AssertionError("a downcall threw", thrown);
    }
}
