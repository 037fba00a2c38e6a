package io.faultline.userfault;

import java.util.function.IntUnaryOperator;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;

/**
 * The userfaultfd of a kernel that tells nobody which pages are there and who waits, with a record of both: what was made
 * present is entered in a page table, and who waits is known from the messages read. So whoever owns it sees what the owner of
 * a simulated one sees. The record is right as long as nobody else changes the memory.
 *
 * <p>Wakes are gathered until {@link #endWakes}, and neighbours woken by one call: each call looks at everybody who waits.
 *
 * <p>Not thread-safe: one owner calls everything. The page table may be walked by others.
 */
public final class RecordedPort implements MemslotPort {
    /** Tells the owner of messages. */
    public interface Attention {
        /**
         * As {@link MemslotPort#attend}.
         *
         * @param readable is to be called
         */
        void attend(Runnable readable);

        /** As {@link MemslotPort#neglect}. */
        void neglect();
    }

    private final UserfaultPort kernel;
    private final Attention attention;
    private final PageTable present;
    private final PageSize pageSize;
    private final IntUnaryOperator waiterOfThread;
    private final FaultSink raised;
    private final WakeSink woken;
    private final WaitQueue waiters = new WaitQueue();
    private final GatheredRanges wakes = new GatheredRanges();

    /**
     * A record of nothing: every page is absent and nobody waits.
     *
     * @param kernel has the feature THREAD_ID
     * @param attention tells of its messages
     * @param present takes what becomes present, under the kernel's addresses
     * @param pageSize of what is registered
     * @param waiterOfThread which waiter a thread is, by the number in its messages; negative for a stranger, whose faults are
     *     resolved and not recorded
     * @param raised hears of waiters as their messages are read
     * @param woken hears of waiters as they are woken
     */
    public RecordedPort(UserfaultPort kernel, Attention attention, PageTable present, PageSize pageSize,
            IntUnaryOperator waiterOfThread, FaultSink raised, WakeSink woken) {
        this.kernel = kernel;
        this.attention = attention;
        this.present = present;
        this.pageSize = pageSize;
        this.waiterOfThread = waiterOfThread;
        this.raised = raised;
        this.woken = woken;
    }

    @Override
    public int waiters() {
        return waiters.waiters();
    }

    /** {@inheritDoc} The kernel does that. */
    @Override
    public RaiseOutcome raise(int waiter, long hva, boolean write, long nanos) {
        throw new UnsupportedOperationException("faults are raised by accesses; waiter " + waiter + " tried to at 0x"
                + Long.toHexString(hva));
    }

    /** {@inheritDoc} The kernel does that. */
    @Override
    public boolean removeEvent(int caller, long start, long end) {
        throw new UnsupportedOperationException("events are raised by who discards; caller " + caller
                + " tried to at 0x" + Long.toHexString(start));
    }

    /** {@inheritDoc} The kernel takes its frames by itself. */
    @Override
    public void expectInstalls(PageSize size, int pages) {}

    @Override
    public void endInstalls() {}

    @Override
    public void attend(Runnable readable) {
        attention.attend(readable);
    }

    @Override
    public void neglect() {
        attention.neglect();
    }

    @Override
    public ApiAnswer api(long version, long features) {
        return kernel.api(version, features);
    }

    @Override
    public IoctlResult register(long start, long length, int modes) {
        return kernel.register(start, length, modes);
    }

    @Override
    public IoctlResult unregister(long start, long length) {
        return kernel.unregister(start, length);
    }

    @Override
    public IoctlResult copy(long destination, PageBuffer source, long sourceOffset, long length, int mode) {
        IoctlResult result = kernel.copy(destination, source, sourceOffset, length, mode);
        return installed(result, destination, (mode & UserfaultModes.COPY_WP) != 0);
    }

    @Override
    public IoctlResult zeropage(long start, long length, int mode) {
        return installed(kernel.zeropage(start, length, mode), start, false);
    }

    @Override
    public IoctlResult continueMapping(long start, long length, int mode) {
        IoctlResult result = kernel.continueMapping(start, length, mode);
        return installed(result, start, (mode & UserfaultModes.CONTINUE_WP) != 0);
    }

    @Override
    public IoctlResult move(long destination, long source, long length, int mode) {
        return installed(kernel.move(destination, source, length, mode), destination, false);
    }

    private IoctlResult installed(IoctlResult result, long start, boolean writeProtected) {
        long flags = writeProtected ? Entry.UFFD_WP : Entry.WRITABLE;
        for (long address = start; address < start + result.bytesDone(); address += pageSize.bytes()) {
            present.set(address, pageSize, Entry.of(address >>> PageSize.BASE_SHIFT, pageSize, flags));
        }
        return result;
    }

    @Override
    public IoctlResult poison(long start, long length, int mode) {
        IoctlResult result = kernel.poison(start, length, mode);
        for (long address = start; address < start + result.bytesDone(); address += pageSize.bytes()) {
            present.set(address, pageSize, Entry.poison(pageSize));
        }
        return result;
    }

    @Override
    public IoctlResult writeProtect(long start, long length, int mode) {
        IoctlResult result = kernel.writeProtect(start, length, mode);
        boolean protect = (mode & UserfaultModes.WRITEPROTECT_WP) != 0;
        for (long address = start; result.isOk() && address < start + length; address += pageSize.bytes()) {
            if (Entry.isPresent(present.walk(address))) {
                present.change(address, pageSize, protect ? Entry.UFFD_WP : Entry.WRITABLE,
                        protect ? Entry.WRITABLE : Entry.UFFD_WP);
            }
        }
        return result;
    }

    /** {@inheritDoc} The kernel does it at {@link #endWakes}; whatever it would answer comes too late to be answered here. */
    @Override
    public IoctlResult wake(long start, long length) {
        if (AddressRanges.check(start, length) != Errno.OK) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        waiters.wake(start, start + length, woken);
        wakes.add(start, start + length);
        return IoctlResult.DONE;
    }

    @Override
    public void endWakes() {
        wakes.take((start, end) -> {
            IoctlResult result = kernel.wake(start, end - start);
            if (!result.isOk()) {
                throw new IllegalStateException("WAKE of 0x" + Long.toHexString(start) + " to 0x"
                        + Long.toHexString(end) + " answered " + result + ": its waiters would wait for ever");
            }
        });
    }

    @Override
    public Errno read(UserfaultMessages into) {
        int before = into.count();
        Errno errno = kernel.read(into);
        for (int message = before; message < into.count(); message++) {
            if (into.isFault(message)) {
                faulted(into, message);
            } else if (into.event(message) == UserfaultEvents.REMOVE) {
                removed(into.start(message), into.end(message));
            }
        }
        return errno;
    }

    private void faulted(UserfaultMessages messages, int message) {
        int waiter = waiterOfThread.applyAsInt(messages.thread(message));
        if (waiter >= 0) {
            long nanos = messages.raisedNanos(message);
            waiters.addRead(waiter, messages.address(message), messages.flags(message), nanos);
            raised.raised(waiter, messages.address(message), messages.isWrite(message), nanos);
        }
    }

    private void removed(long start, long end) {
        present.forEach(start, end, (address, size, entry) -> {
            present.exchange(address, size, Entry.NONE);
            return true;
        });
    }

    @Override
    public void close() {
        kernel.close();
    }
}
