package io.faultline.linux.call;

import static io.faultline.linux.call.Native.INT;
import static io.faultline.linux.call.Native.LONG;
import static io.faultline.linux.call.Native.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * process_vm_readv(2) and process_vm_writev(2) on this very process: copies between Java's memory and memory that Java
 * must not touch. Where the other side cannot be read or written they answer EFAULT, and nobody gets a signal.
 *
 * <p>A page that a userfaultfd watches faults in kernel mode, which a descriptor opened with USER_MODE_ONLY does not
 * serve: it answers EFAULT. While a page is copied it is pinned, so that a MOVE of it answers EBUSY.
 */
public final class TransferCalls {
    private static final MethodHandle READV =
            Native.function("process_vm_readv", LONG, INT, POINTER, LONG, POINTER, LONG, LONG);
    private static final MethodHandle WRITEV =
            Native.function("process_vm_writev", LONG, INT, POINTER, LONG, POINTER, LONG, LONG);
    private static final int THIS_PROCESS = Math.toIntExact(ProcessHandle.current().pid());

    /** struct iovec: base, length. */
    private static final long IOVEC_BYTES = 16;

    private TransferCalls() {}

    /**
     * Copies out of memory that Java must not touch. Blocks while a page of it is missing.
     *
     * @param address of the first byte
     * @param into takes the bytes; native, alive during the call, and watched by no userfaultfd itself
     * @return how many bytes were copied, fewer than asked when a page on the way cannot be read; or the negative errno,
     *     -14 (EFAULT) when the first cannot
     * @throws IllegalArgumentException when {@code into} is on the heap
     */
    public static long read(long address, MemorySegment into) {
        return transfer(READV, address, into);
    }

    /**
     * Copies into memory that Java must not touch. Blocks while a page of it is missing or write-protected.
     *
     * @param address of the first byte
     * @param from the bytes; native, alive during the call, and watched by no userfaultfd itself
     * @return how many bytes were copied, or the negative errno, as for {@link #read}
     * @throws IllegalArgumentException when {@code from} is on the heap
     */
    public static long write(long address, MemorySegment from) {
        return transfer(WRITEV, address, from);
    }

    private static long transfer(MethodHandle call, long address, MemorySegment here) {
        if (!here.isNative()) {
            throw new IllegalArgumentException("a heap segment; process_vm_readv needs memory that stays in its place");
        }
        CallState state = CallState.ofThread();
        MemorySegment local = state.arguments();
        MemorySegment remote = local.asSlice(IOVEC_BYTES);
        local.set(ValueLayout.JAVA_LONG, 0, here.address());
        local.set(ValueLayout.JAVA_LONG, 8, here.byteSize());
        remote.set(ValueLayout.JAVA_LONG, 0, address);
        remote.set(ValueLayout.JAVA_LONG, 8, here.byteSize());
        try {
            // Safe: the kernel checks every page of the far side and answers EFAULT; the near side is a live segment with
            // its length. It blocks for as long as a fault is pending: the thread is in native state, no safepoint waits.
            return state.answer((long) call.invokeExact(state.captured(), THIS_PROCESS, local, 1L, remote, 1L, 0L));
        } catch (Throwable thrown) {
            throw Native.impossible(thrown);
        } finally {
            Reference.reachabilityFence(here);
        }
    }
}
