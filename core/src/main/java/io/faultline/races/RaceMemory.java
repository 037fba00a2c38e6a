package io.faultline.races;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.MemslotPages;
import io.faultline.space.AddressSpace;
import io.faultline.space.HvaLease;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import io.faultline.userfault.WakeSink;

/**
 * A few pages of guest memory under one userfaultfd: the objects of the runtime, and words for what scripts do with them.
 * It knows what every page must read as, and says so when one does not.
 *
 * <p>Pages are numbered from 0. A page holds one number: the source has {@link #sourceToken} for it, a write adds 1.
 */
public final class RaceMemory {
    /** What must hold of a page that nobody has written. */
    public static final String SOURCE = "an untouched page reads as its source has it";

    /** What must hold of a page that was given back. */
    public static final String ZEROS = "a page given back reads as zeros";

    /** What must hold of a page that was written. */
    public static final String WRITES = "no write is lost";

    private static final long HVA = 1L << 40;
    private static final int FRAMES = 64;

    private final Stage stage;
    private final MemslotPages slot;
    private final AddressSpace space;
    private final SimulatedUserfaultPort port;
    private final HvaLease lease;
    private final long[] stored;
    private final long[] expected;
    private final String[] invariants;
    /** Those who can halt or be blocked; their place is what the port calls them by. */
    private final List<Script> callers = new ArrayList<>();

    private final BitSet blocked = new BitSet();

    /**
     * Anonymous memory, registered for missing pages, all of them absent.
     *
     * @param stage is told what happens and what breaks
     * @param pages how many, a handful
     */
    public RaceMemory(Stage stage, int pages) {
        this.stage = stage;
        slot = new MemslotPages(0, 0, pages, HVA, PageSize.SIZE_4K);
        space = new AddressSpace(0, FramePool.tokens(FRAMES));
        port = new SimulatedUserfaultPort(0, space, UserfaultFeatures.EVENT_REMOVE, new Unblocker());
        expected = IntStream.range(0, pages).mapToLong(RaceMemory::sourceToken).toArray();
        stored = expected.clone();
        invariants = new String[pages];
        Arrays.fill(invariants, SOURCE);
        var object = MemoryObject.anon(PageSize.SIZE_4K, slot.bytes());
        int protection = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;
        require(space.mmap(HVA, slot.bytes(), object, 0, protection, false) == Errno.OK, "the memory was not mapped");
        require(port.register(HVA, slot.bytes(), UserfaultModes.REGISTER_MISSING).isOk(), "it was not registered");
        lease = space.lease(HVA, slot.hvaEnd());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private final class Unblocker implements WakeSink {
        @Override
        public void woken(int waiter, long address, boolean write, long raisedNanos) {
            blocked.clear(waiter);
        }

        @Override
        public void released(int caller, int event, long first, long second) {
            blocked.clear(caller);
        }
    }

    /**
     * What the source has.
     *
     * @param page its number
     * @return what the page reads as before anybody writes it
     */
    public static long sourceToken(int page) {
        return 100L * (page + 1);
    }

    /** {@return the pages' names and addresses} */
    public MemslotPages slot() {
        return slot;
    }

    /** {@return the address space they are in} */
    public AddressSpace space() {
        return space;
    }

    /** {@return the userfaultfd they are registered with} */
    public SimulatedUserfaultPort port() {
        return port;
    }

    /** {@return bytes of a page} */
    public long pageBytes() {
        return slot.pageSize().bytes();
    }

    /**
     * Has a vCPU read a page as its next step, fault when it cannot, and read again once it is woken.
     *
     * @param vcpu who
     * @param page its number
     */
    public void read(Script vcpu, int page) {
        vcpu.step("read page " + page, () -> access(vcpu, page, false));
    }

    /**
     * Has a vCPU add 1 to a page as its next step, fault when it cannot, and try again once it is woken.
     *
     * @param vcpu who
     * @param page its number
     */
    public void write(Script vcpu, int page) {
        vcpu.step("write page " + page, () -> access(vcpu, page, true));
    }

    private void access(Script vcpu, int page, boolean write) {
        if (isPresent(page)) {
            touch(page, write);
            return;
        }
        RaiseOutcome outcome = port.raise(numberOf(vcpu), slot.hvaOf(page), write, 0);
        switch (outcome) {
            case QUEUED -> halt(vcpu, page, write);
            case RESOLVED_BY_KERNEL -> {
                stage.note("the kernel gives a zero page");
                touch(page, write);
            }
            case ALREADY_RESOLVED -> touch(page, write);
            case SIGBUS, SEGV, NO_MEMORY -> stage.note("fails with " + outcome);
            case RECALLED -> throw new IllegalStateException("page " + page + " is leased, which no race here does");
        }
    }

    private void halt(Script vcpu, int page, boolean write) {
        blocked.set(numberOf(vcpu));
        stage.note("faults, halts");
        String again = (write ? "write page " : "read page ") + page + " once woken";
        vcpu.when(again, () -> !isBlocked(vcpu), () -> access(vcpu, page, write));
    }

    private void touch(int page, boolean write) {
        long found = token(page);
        if (found != expected[page]) {
            stage.violated(invariants[page], "page " + page + " reads " + found + " instead of " + expected[page]);
        }
        if (write) {
            space.frames().contents().addToWord(frame(page), 1);
            expected[page]++;
            invariants[page] = WRITES;
            stage.note(found + " becomes " + (found + 1));
        } else {
            stage.note("sees " + found);
        }
    }

    private int numberOf(Script caller) {
        int number = callers.indexOf(caller);
        if (number < 0) {
            callers.add(caller);
            return callers.size() - 1;
        }
        return number;
    }

    /**
     * Gives a page back as the next steps, as a balloon does: MADV_DONTNEED raises a REMOVE event, waits until it is read,
     * and drops the page. From then on it must read as zeros. Nothing can be installed meanwhile, as when the runtime gives
     * pages back: until the event is read because of that, and until the page is dropped because the lease is recalled.
     *
     * @param caller who
     * @param page its number
     */
    public void giveBack(Script caller, int page) {
        caller.step("give page " + page + " back: raise REMOVE", () -> {
            int number = numberOf(caller);
            blocked.set(number);
            lease.recall();
            port.removeEvent(number, slot.hvaOf(page), slot.hvaOf(page) + pageBytes());
            caller.when("drop page " + page + ", REMOVE was read", () -> !isBlocked(caller), () -> {
                drop(page);
                lease.restore();
                expected[page] = 0;
                invariants[page] = ZEROS;
            });
        });
    }

    /**
     * Saves what a page holds, so that {@link #fetch} finds it, and drops the page: all in the step that is running.
     *
     * @param page its number; it is present
     */
    public void evict(int page) {
        stored[page] = token(page);
        stage.note("saves " + stored[page]);
        drop(page);
    }

    private void drop(int page) {
        require(space.discard(slot.hvaOf(page), pageBytes()) == Errno.OK, "page " + page + " could not be dropped");
    }

    /**
     * Reads what the source, or the store of evicted pages, has at this moment.
     *
     * @param firstPage the number of the first
     * @param pages how many
     * @return a new buffer
     */
    public PageBuffer fetch(int firstPage, int pages) {
        PageBuffer buffer = PageBuffer.tokens(slot.pageSize(), pages);
        for (int index = 0; index < pages; index++) {
            buffer.token(index, stored[firstPage + index]);
        }
        return buffer;
    }

    /**
     * Copies pages as UFFDIO_COPY does.
     *
     * @param page the number of the first
     * @param contents as many as are to be copied
     * @param mode COPY modes; 0 wakes
     * @return what the call answers, which the swim lanes show
     */
    public IoctlResult copy(int page, PageBuffer contents, int mode) {
        IoctlResult result = port.copy(slot.hvaOf(page), contents, 0, contents.pages() * pageBytes(), mode);
        stage.note(result.errno() + (result.isPartial() ? " after " + result.bytesDone() / pageBytes() : ""));
        return result;
    }

    /** {@return whether a page is there to be read} */
    public boolean isPresent(int page) {
        return Entry.isPresent(entry(page));
    }

    /** {@return what a page holds; it is present} */
    public long token(int page) {
        return space.frames().contents().word(frame(page));
    }

    private long entry(int page) {
        return space.hva().walk(slot.hvaOf(page));
    }

    private long frame(int page) {
        return Entry.frame(entry(page));
    }

    /** {@return whether there is a message to be read from the userfaultfd} */
    public boolean hasMessages() {
        return port.unreadFaults() > 0 || port.isMemoryChanging();
    }

    /**
     * Reads what there is to read, which the swim lanes show.
     *
     * @param most how many messages at most
     * @return faults first, then events, as the kernel has them
     */
    public UserfaultMessages readMessages(int most) {
        UserfaultMessages messages = new UserfaultMessages(most);
        port.read(messages);
        for (int index = 0; index < messages.count(); index++) {
            stage.note(describe(messages, index));
        }
        return messages;
    }

    private String describe(UserfaultMessages messages, int index) {
        long address = messages.isFault(index) ? messages.address(index) : messages.start(index);
        return UserfaultEvents.describe(messages.event(index)) + " " + slot.indexOfHva(address);
    }

    /**
     * Tells whether somebody halts on a fault, or is blocked until an event is read.
     *
     * @param caller who
     * @return false once it was woken or released
     */
    public boolean isBlocked(Script caller) {
        return blocked.get(numberOf(caller));
    }

    /** {@return whether a page is being given back, so that whatever installs answers EAGAIN} */
    public boolean isChanging() {
        return port.isMemoryChanging() || !lease.isHeld();
    }

    /** Sets those going again who wait for a page. */
    public void wake(int page) {
        port.wake(slot.hvaOf(page), pageBytes());
    }
}
