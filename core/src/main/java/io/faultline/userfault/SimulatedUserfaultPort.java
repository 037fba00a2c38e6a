package io.faultline.userfault;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * A userfaultfd over a simulated address space.
 *
 * <p>Those who would be halted in the kernel are waiters here: {@link #raise} queues one with its message, and whatever
 * wakes it tells the {@link WakeSink}. Messages are never merged, and a woken waiter takes its unread message with it.
 *
 * <p>Threading: one owner calls everything. The owner holds the leases of the ranges and brackets its
 * batches with their begin and finish; operations answer EAGAIN while a lease in their range is recalled. Walkers on
 * other threads see each change at once. {@link #unregister} and {@link #close} take write protection back
 * without asking: nothing they cover may be recalled.
 */
public class SimulatedUserfaultPort implements MemslotPort {
    private final int id;
    private final AddressSpace space;
    private final WakeSink sink;
    private final WaitQueue waiters = new WaitQueue();
    private final EventQueue events = new EventQueue();
    private final FaultClassifier classifier;
    private final FrameStash stash;
    private final CopyOperation copy;
    private final ZeropageOperation zeropage;
    private final ContinueOperation continueMapping;
    private final PoisonOperation poison;
    private final MoveOperation move;
    private final WriteProtectOperation writeProtect;
    private final RegisterOperation registration;
    private boolean open;
    private boolean closed;
    private long features;

    /**
     * A port that awaits its {@link #api handshake}.
     *
     * @param id tells its registrations from those of the address space's other ports
     * @param space the memory it serves
     * @param sink who hears of woken waiters
     */
    public SimulatedUserfaultPort(int id, AddressSpace space, WakeSink sink) {
        this.id = id;
        this.sink = sink;
        this.space = space;
        PageMapper mapper = new PageMapper(space);
        stash = mapper.stash();
        FillRange range = new FillRange(space);
        copy = new CopyOperation(range, mapper);
        zeropage = new ZeropageOperation(range, mapper);
        continueMapping = new ContinueOperation(range, mapper);
        poison = new PoisonOperation(range, space);
        move = new MoveOperation(id, space);
        writeProtect = new WriteProtectOperation(space);
        registration = new RegisterOperation(id, space);
        classifier = new FaultClassifier(id, space, new KernelFaults(space, mapper));
    }

    /**
     * A port whose handshake has been made.
     *
     * @param id tells its registrations from those of the address space's other ports
     * @param space the memory it serves
     * @param features bits of {@link UserfaultFeatures}
     * @param sink who hears of woken waiters
     * @throws IllegalArgumentException when a feature is unknown
     */
    public SimulatedUserfaultPort(int id, AddressSpace space, long features, WakeSink sink) {
        this(id, space, sink);
        if (!api(UserfaultIoctls.API_VERSION, features).isOk()) {
            throw new IllegalArgumentException("userfault features 0x" + Long.toHexString(features)
                    + "; known are 0x" + Long.toHexString(UserfaultFeatures.ALL));
        }
    }

    /** {@return the number that tells its registrations from those of other ports} */
    public int id() {
        return id;
    }

    /** {@return the features the handshake enabled; 0 before it} */
    public long features() {
        return features;
    }

    @Override
    public int waiters() {
        return waiters.waiters();
    }

    /** {@return how many fault messages have not been read} */
    public int unreadFaults() {
        return waiters.unread();
    }

    /** {@return whether a non-fault event is unread, so that installing operations answer EAGAIN} */
    public boolean isMemoryChanging() {
        return events.isChanging();
    }

    @Override
    public final ApiAnswer api(long version, long wanted) {
        if (open || closed || version != UserfaultIoctls.API_VERSION || (wanted & ~UserfaultFeatures.ALL) != 0) {
            return ApiAnswer.REFUSED;
        }
        open = true;
        features = wanted;
        if (has(UserfaultFeatures.WP_ASYNC)) {
            features |= UserfaultFeatures.WP_UNPOPULATED;
        }
        return new ApiAnswer(Errno.OK, UserfaultFeatures.ALL, UserfaultIoctls.DESCRIPTOR_MASK);
    }

    private boolean has(long feature) {
        return (features & feature) != 0;
    }

    @Override
    public RaiseOutcome raise(int waiter, long hva, boolean write, long nanos) {
        RaiseOutcome outcome = classifier.classify(hva, write, features);
        if (outcome == RaiseOutcome.QUEUED) {
            queue(waiter, hva, classifier.kind(), classifier.pageShift(), write, nanos);
        }
        return outcome;
    }

    /**
     * Queues an access and its message without looking at the page: whoever calls it has looked, and nothing has happened
     * since.
     *
     * @param waiter who halts
     * @param hva the exact address
     * @param kind of the fault
     * @param pageShift log2 of the bytes of the page the message names
     * @param write whether it is a write
     * @param nanos when, by the raiser's clock
     */
    protected final void queue(int waiter, long hva, FaultKind kind, int pageShift, boolean write, long nanos) {
        int shownShift = has(UserfaultFeatures.EXACT_ADDRESS) ? 0 : pageShift;
        waiters.add(waiter, hva, shownShift, kind.messageFlags(write), nanos);
    }

    @Override
    public Errno read(UserfaultMessages into) {
        if (!open || into.isFull()) {
            return Errno.EINVAL;
        }
        int moved = waiters.read(into, has(UserfaultFeatures.THREAD_ID));
        moved += events.read(into, sink);
        return moved > 0 ? Errno.OK : Errno.EAGAIN;
    }

    @Override
    public IoctlResult register(long start, long length, int modes) {
        Errno shape = RegisterOperation.isValid(modes) ? AddressRanges.check(start, length) : Errno.EINVAL;
        if (!open || shape != Errno.OK) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        return space.isAlive() ? registration.register(start, length, modes) : IoctlResult.failed(Errno.ENOMEM);
    }

    @Override
    public IoctlResult unregister(long start, long length) {
        if (!open || AddressRanges.check(start, length) != Errno.OK) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        if (!space.isAlive()) {
            return IoctlResult.failed(Errno.ENOMEM);
        }
        return registration.unregister(start, length, (from, to) -> waiters.wake(from, to, sink));
    }

    /** {@inheritDoc} Takes frames for all of them under one lock; {@link #endInstalls} gives back what none needed. */
    @Override
    public void expectInstalls(PageSize size, int pages) {
        stash.fill(size, pages);
    }

    @Override
    public void endInstalls() {
        stash.empty();
    }

    @Override
    public IoctlResult copy(long destination, PageBuffer source, long sourceOffset, long length, int mode) {
        int known = UserfaultModes.COPY_DONTWAKE | UserfaultModes.COPY_WP;
        IoctlResult refusal = refusal(AddressRanges.check(destination, length, mode, known), Errno.ESRCH);
        if (refusal != null) {
            return refusal;
        }
        boolean protect = (mode & UserfaultModes.COPY_WP) != 0;
        IoctlResult result = copy.run(destination, source, sourceOffset, length, protect);
        return wakeDone(result, destination, mode & UserfaultModes.COPY_DONTWAKE);
    }

    @Override
    public IoctlResult zeropage(long start, long length, int mode) {
        int known = UserfaultModes.ZEROPAGE_DONTWAKE;
        IoctlResult refusal = refusal(AddressRanges.check(start, length, mode, known), Errno.ESRCH);
        return refusal != null ? refusal : wakeDone(zeropage.run(start, length), start, mode);
    }

    @Override
    public IoctlResult continueMapping(long start, long length, int mode) {
        int known = UserfaultModes.CONTINUE_DONTWAKE | UserfaultModes.CONTINUE_WP;
        IoctlResult refusal = refusal(AddressRanges.check(start, length, mode, known), Errno.ESRCH);
        if (refusal != null) {
            return refusal;
        }
        boolean protect = (mode & UserfaultModes.CONTINUE_WP) != 0;
        IoctlResult result = continueMapping.run(start, length, protect);
        return wakeDone(result, start, mode & UserfaultModes.CONTINUE_DONTWAKE);
    }

    @Override
    public IoctlResult move(long destination, long source, long length, int mode) {
        int known = UserfaultModes.MOVE_DONTWAKE | UserfaultModes.MOVE_ALLOW_SRC_HOLES;
        Errno shape = AddressRanges.check(destination, length, mode, known);
        if (shape == Errno.OK) {
            shape = AddressRanges.check(source, length);
        }
        // A dead address space is not the caller's, and MOVE works in the caller's only.
        IoctlResult refusal = refusal(shape, Errno.EINVAL);
        if (refusal != null) {
            return refusal;
        }
        boolean allowHoles = (mode & UserfaultModes.MOVE_ALLOW_SRC_HOLES) != 0;
        IoctlResult result = move.run(destination, source, length, allowHoles);
        return wakeDone(result, destination, mode & UserfaultModes.MOVE_DONTWAKE);
    }

    @Override
    public IoctlResult poison(long start, long length, int mode) {
        int known = UserfaultModes.POISON_DONTWAKE;
        IoctlResult refusal = refusal(AddressRanges.check(start, length, mode, known), Errno.ESRCH);
        return refusal != null ? refusal : wakeDone(poison.run(start, length), start, mode);
    }

    @Override
    public IoctlResult writeProtect(long start, long length, int mode) {
        int known = UserfaultModes.WRITEPROTECT_WP | UserfaultModes.WRITEPROTECT_DONTWAKE;
        // Protecting wakes nobody, so asking it not to is a mistake.
        Errno shape = mode == known ? Errno.EINVAL : AddressRanges.check(start, length, mode, known);
        IoctlResult refusal = refusal(shape, Errno.ESRCH);
        if (refusal != null) {
            return IoctlResult.failed(refusal.errno());
        }
        boolean protect = (mode & UserfaultModes.WRITEPROTECT_WP) != 0;
        Errno errno = writeProtect.run(start, length, protect, has(UserfaultFeatures.WP_UNPOPULATED));
        if (errno != Errno.OK) {
            return IoctlResult.failed(errno);
        }
        if (mode == 0) {
            waiters.wake(start, start + length, sink);
        }
        return IoctlResult.DONE;
    }

    @Override
    public IoctlResult wake(long start, long length) {
        if (!open || AddressRanges.check(start, length) != Errno.OK) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        waiters.wake(start, start + length, sink);
        return IoctlResult.DONE;
    }

    /** What an operation answers before it looks at memory; null when it may go on. The order is the kernel's. */
    private @Nullable IoctlResult refusal(Errno shape, Errno whenDead) {
        if (!open) {
            return IoctlResult.failed(Errno.EINVAL);
        }
        if (events.isChanging()) {
            return IoctlResult.refused(Errno.EAGAIN);
        }
        if (shape != Errno.OK) {
            return IoctlResult.failed(shape);
        }
        return space.isAlive() ? null : IoctlResult.failed(whenDead);
    }

    /** Wakes the part that was done, which need not be all, unless told not to. */
    private IoctlResult wakeDone(IoctlResult result, long start, int dontWake) {
        if (dontWake == 0 && result.bytesDone() > 0) {
            waiters.wake(start, start + result.bytesDone(), sink);
        }
        return result;
    }

    /** {@inheritDoc} They have: the sink was told. */
    @Override
    public void endWakes() {}

    /** {@inheritDoc} Nothing comes here but by its owner's {@link #raise} and {@link #removeEvent}. */
    @Override
    public void attend(Runnable readable) {}

    @Override
    public void neglect() {}

    @Override
    public boolean removeEvent(int caller, long start, long end) {
        if (!has(UserfaultFeatures.EVENT_REMOVE)) {
            return false;
        }
        events.add(caller, UserfaultEvents.REMOVE, start, end, 0);
        return true;
    }

    /** {@inheritDoc} Callers blocked on an unread event go on; every later operation answers EINVAL. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        open = false;
        if (space.isAlive()) {
            registration.unregisterAll();
        }
        events.abandon(sink);
        waiters.wakeAll(sink);
    }
}
