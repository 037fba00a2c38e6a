package io.faultline.linux.userfault;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.time.NanoClock;
import io.faultline.userfault.ApiAnswer;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultIoctls;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultPort;

/**
 * A userfaultfd of the real kernel. Results and errno values are those of
 * {@link io.faultline.userfault.SimulatedUserfaultPort}; those who wait, wait in the kernel.
 *
 * <p>Threading: one owner calls everything, from whatever thread it runs on at the time. {@link #descriptor} may be watched
 * by an epoll meanwhile. Nothing here blocks.
 *
 * <p>Closing the last descriptor hands zero pages to whoever waits: see {@link DescriptorKeeper} and
 * {@link io.faultline.userfault.FailClosed}.
 */
public final class NativeUserfaultPort implements UserfaultPort {
    private static final int NONE = -1;

    private final MemorySegment argument = Arena.ofAuto().allocate(UserfaultAbi.TRANSFER_BYTES, Long.BYTES);
    private final MessageReader messages;
    private int descriptor;
    private boolean handshaken;
    private long features;

    private NativeUserfaultPort(int descriptor, NanoClock clock) {
        this.descriptor = descriptor;
        this.messages = new MessageReader(clock);
    }

    /**
     * Opens a descriptor that awaits its {@link #api handshake}.
     *
     * @param opening which way
     * @param clock tells when messages were read: the kernel does not say when a fault was raised
     * @return the port
     * @throws LinuxCallException when it is not permitted, or the kernel has none
     */
    public static NativeUserfaultPort open(UserfaultOpening opening, NanoClock clock) {
        int descriptor = opening.open();
        LinuxCallException.check(descriptor, "opening a userfaultfd by " + opening);
        return new NativeUserfaultPort(descriptor, clock);
    }

    /**
     * Opens a descriptor and makes the handshake.
     *
     * @param opening which way
     * @param features bits of {@link UserfaultFeatures}
     * @param clock tells when messages were read
     * @return the port
     * @throws LinuxCallException when it is not permitted, or the kernel lacks a feature
     */
    public static NativeUserfaultPort open(UserfaultOpening opening, long features, NanoClock clock) {
        NativeUserfaultPort port = open(opening, clock);
        ApiAnswer answer = port.api(UserfaultIoctls.API_VERSION, features);
        if (!answer.isOk()) {
            port.close();
            LinuxCallException.check(-answer.errno().number(),
                    "the userfaultfd handshake for features 0x" + Long.toHexString(features));
        }
        return port;
    }

    /** A port over a descriptor whose handshake was made by another. */
    static NativeUserfaultPort adopt(int descriptor, long features, NanoClock clock) {
        NativeUserfaultPort port = new NativeUserfaultPort(descriptor, clock);
        port.handshaken = true;
        port.features = features;
        return port;
    }

    /**
     * The descriptor, for epoll.
     *
     * @return its number
     * @throws IllegalStateException when the port is closed
     */
    public int descriptor() {
        if (descriptor == NONE) {
            throw new IllegalStateException("the userfaultfd is closed");
        }
        return descriptor;
    }

    /** {@return the features the handshake enabled; 0 before it} */
    public long features() {
        return features;
    }

    /**
     * A second hold on the descriptor, for whoever is to survive this port's owner.
     *
     * @return keeps everything registered when this port is closed
     * @throws LinuxCallException when there are too many descriptors
     * @throws IllegalStateException before the handshake
     */
    public DescriptorKeeper keep() {
        if (!handshaken) {
            throw new IllegalStateException("a userfaultfd without handshake has nothing to keep");
        }
        int second = FileCalls.duplicate(descriptor());
        LinuxCallException.check(second, "duplicating a userfaultfd");
        return new DescriptorKeeper(second, features);
    }

    @Override
    public ApiAnswer api(long version, long wanted) {
        if (descriptor == NONE) {
            return new ApiAnswer(Errno.EINVAL, 0, 0);
        }
        set(UserfaultAbi.API_VERSION, version);
        set(UserfaultAbi.API_FEATURES, wanted);
        set(UserfaultAbi.API_IOCTLS, 0);
        Errno errno = call(UserfaultAbi.API);
        if (errno != Errno.OK) {
            return new ApiAnswer(errno, 0, 0);
        }
        handshaken = true;
        features = wanted;
        if ((wanted & UserfaultFeatures.WP_ASYNC) != 0) {
            features |= UserfaultFeatures.WP_UNPOPULATED; // as the kernel does
        }
        return new ApiAnswer(Errno.OK, get(UserfaultAbi.API_FEATURES), get(UserfaultAbi.API_IOCTLS));
    }

    @Override
    public IoctlResult register(long start, long length, int modes) {
        return ranged(UserfaultAbi.REGISTER, start, length, modes);
    }

    @Override
    public IoctlResult unregister(long start, long length) {
        return plain(UserfaultAbi.UNREGISTER, start, length);
    }

    @Override
    public IoctlResult copy(long destination, PageBuffer source, long sourceOffset, long length, int mode) {
        MemorySegment bytes = source.bytes();
        boolean starts = sourceOffset >= 0 && sourceOffset < bytes.byteSize();
        long readable = starts ? bytes.byteSize() - sourceOffset : 0;
        if (length <= readable) {
            return copyFrom(bytes, sourceOffset, destination, length, mode);
        }
        long whole = source.pageSize().alignDown(readable);
        if (whole == 0) {
            return transfer(UserfaultAbi.COPY, destination, UnreadablePage.ADDRESS, length, mode);
        }
        IoctlResult result = copyFrom(bytes, sourceOffset, destination, whole, mode);
        return result.isOk() ? new IoctlResult(Errno.EAGAIN, whole) : result;
    }

    private IoctlResult copyFrom(MemorySegment bytes, long offset, long destination, long length, int mode) {
        try {
            return transfer(UserfaultAbi.COPY, destination, bytes.address() + offset, length, mode);
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    @Override
    public IoctlResult zeropage(long start, long length, int mode) {
        return ranged(UserfaultAbi.ZEROPAGE, start, length, mode);
    }

    @Override
    public IoctlResult continueMapping(long start, long length, int mode) {
        return ranged(UserfaultAbi.CONTINUE, start, length, mode);
    }

    @Override
    public IoctlResult move(long destination, long source, long length, int mode) {
        return transfer(UserfaultAbi.MOVE, destination, source, length, mode);
    }

    @Override
    public IoctlResult writeProtect(long start, long length, int mode) {
        set(UserfaultAbi.RANGE_MODE, mode);
        return plain(UserfaultAbi.WRITEPROTECT, start, length);
    }

    @Override
    public IoctlResult poison(long start, long length, int mode) {
        return ranged(UserfaultAbi.POISON, start, length, mode);
    }

    @Override
    public IoctlResult wake(long start, long length) {
        return plain(UserfaultAbi.WAKE, start, length);
    }

    @Override
    public Errno read(UserfaultMessages into) {
        if (descriptor == NONE || into.isFull()) {
            return Errno.EINVAL;
        }
        return messages.read(descriptor, features, into);
    }

    @Override
    public void close() {
        if (descriptor != NONE) {
            FileCalls.close(descriptor);
            descriptor = NONE;
        }
    }

    /** A call whose structure has no result field. */
    private IoctlResult plain(long request, long start, long length) {
        set(UserfaultAbi.START, start);
        set(UserfaultAbi.LENGTH, length);
        Errno errno = call(request);
        return errno == Errno.OK ? IoctlResult.DONE : IoctlResult.failed(errno);
    }

    private IoctlResult ranged(long request, long start, long length, int mode) {
        set(UserfaultAbi.START, start);
        set(UserfaultAbi.LENGTH, length);
        set(UserfaultAbi.RANGE_MODE, mode);
        return withResult(request, UserfaultAbi.RANGE_RESULT);
    }

    private IoctlResult transfer(long request, long destination, long source, long length, int mode) {
        set(UserfaultAbi.TRANSFER_DESTINATION, destination);
        set(UserfaultAbi.TRANSFER_SOURCE, source);
        set(UserfaultAbi.TRANSFER_LENGTH, length);
        set(UserfaultAbi.TRANSFER_MODE, mode);
        return withResult(request, UserfaultAbi.TRANSFER_RESULT);
    }

    /** The kernel does not read the result field, so what was there before tells whether it wrote it. */
    private IoctlResult withResult(long request, int resultOffset) {
        set(resultOffset, IoctlResult.UNTOUCHED);
        Errno errno = call(request);
        return new IoctlResult(errno, get(resultOffset));
    }

    private Errno call(long request) {
        if (descriptor == NONE) {
            return Errno.EINVAL;
        }
        return Errno.ofNumber(-FileCalls.ioctl(descriptor, request, argument));
    }

    private void set(int offset, long value) {
        argument.set(ValueLayout.JAVA_LONG, offset, value);
    }

    private long get(int offset) {
        return argument.get(ValueLayout.JAVA_LONG, offset);
    }
}
