package io.faultline.cost;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a cost profile has a price for. Each is named in the file by its {@link #key()}; a profile has all of them.
 *
 * <p>A name that ends in {@code call} is paid once for a system call and comes on top of what its pages cost; one that
 * ends in {@code page} is paid for each page.
 */
public enum Operation {
    /** An access that the TLB and the caches serve. */
    ACCESS("an access that hits the TLB"),
    /** The walk that fills one TLB entry. */
    REFILL("the walk that fills one TLB entry"),

    /** From the access to the lock of the wait queue: leaving the guest, looking the page up in vain. */
    FAULT_EXIT("from a faulting access to the wait queue"),
    /** From running again to the access: looking the page up, entering the guest. */
    FAULT_RESUME("from running again to the access tried again"),
    /** Leaving KVM_RUN for user space and coming back, where a vCPU's exit takes the place of a message. */
    EXIT_USER("leaving KVM_RUN for user space and coming back"),

    /** How long the wait queue's lock is held to queue a waiter. */
    FAULT_QUEUE("the wait queue's lock, to queue a waiter"),
    /** How long it is held to read one message. */
    FAULT_READ("the wait queue's lock, to read a message"),
    /** How long it is held to wake, without what follows for each waiter. */
    WAKE_CALL("the wait queue's lock, to wake"),
    /** On top, under the lock, for every waiter in the queue, whether it is woken or not. */
    WAKE_SCAN("the wait queue's lock, for each waiter looked at"),
    /** On top, under the lock, for each waiter woken: making its thread runnable. */
    WAKE_THREAD("the wait queue's lock, for each waiter woken"),
    /** On top when a lock had to be waited for: it changes hands between two cores. */
    LOCK_HANDOFF("a lock that had to be waited for changes hands"),
    /** A read(2) of messages, without what each costs under the lock. */
    READ_CALL("a read(2) of messages"),
    /** From a thread made runnable until it runs. */
    THREAD_WAKE("from a thread made runnable until it runs"),

    /** How long taking and giving back the mm lock for reading occupies it. */
    MM_LOCK("the mm lock, taken and given back for reading"),
    /** How long a switch to or from the idle task occupies the count that all threads of an mm keep in it. */
    MM_SWITCH("a switch to or from idle, where the mm's users are counted"),
    /** The same when others switch too, and it had to wait. */
    MM_SWITCH_WAITED("a switch to or from idle that had to wait for others"),
    /** A shared cache line changed by the CPU that changed it last. */
    LINE_LOCAL("a shared line changed by the CPU that changed it last"),
    /** A shared cache line changed by another CPU of the same last-level cache. */
    LINE_NEAR("a shared line changed by another CPU of the same last-level cache"),
    /** A shared cache line changed by a CPU of another last-level cache. */
    LINE_FAR("a shared line changed by a CPU of another last-level cache"),

    /** A handler's decision about one page. */
    HANDLE_PAGE("a handler's decision about a page"),
    /** What a fetcher does for one page, besides waiting for its bytes. */
    FETCH_PAGE("a fetcher's work for a page, besides the read"),

    COPY_CALL("UFFDIO_COPY"),
    COPY_PAGE("UFFDIO_COPY, a page"),
    /** Measured, and its cause not looked into. A MOVE has no such thing. */
    COPY_SHARED("UFFDIO_COPY, on top while other CPUs run threads of the process"),
    ZEROPAGE_CALL("UFFDIO_ZEROPAGE"),
    ZEROPAGE_PAGE("UFFDIO_ZEROPAGE, a page"),
    CONTINUE_CALL("UFFDIO_CONTINUE"),
    CONTINUE_PAGE("UFFDIO_CONTINUE, a page"),
    MOVE_CALL("UFFDIO_MOVE, without its flush"),
    MOVE_PAGE("UFFDIO_MOVE, a page"),
    WRITEPROTECT_CALL("UFFDIO_WRITEPROTECT, without its flush"),
    WRITEPROTECT_PAGE("UFFDIO_WRITEPROTECT, a page"),
    POISON_CALL("UFFDIO_POISON"),
    POISON_PAGE("UFFDIO_POISON, a page"),
    MAP_PAGE("mapping a page in the second stage"),
    MPROTECT_CALL("mprotect(2), without its flush"),
    MPROTECT_PAGE("mprotect(2), a page"),
    MUNMAP_CALL("munmap(2), without its flush"),
    MADVISE_CALL("madvise(2) with MADV_DONTNEED, without its flush"),
    UNMAP_PAGE("taking one page-table entry away"),
    ANON_FAULT("the first touch of a page of anonymous memory, resolved by the kernel"),
    /** Taken to put a batch of new pages into the list, and to take freed ones out. */
    LRU_LOCK("the LRU lock, held for one batch of pages"),

    /** From the last access of one vCPU to the first of another on the same CPU, where vCPUs take turns. */
    CPU_SWITCH("a CPU goes from one vCPU to another"),

    FLUSH_CALL("a flush, before any entry is dropped or anybody interrupted"),
    INVLPG("dropping one TLB entry (INVLPG)"),
    FULL_FLUSH("dropping all TLB entries, without refilling"),
    /**
     * What an initiator waits for besides what its target does: from sending until the handler is entered, and the answer.
     * A whole round is this, the target's {@link #IPI_ENTRY} and its flush.
     */
    IPI("an interrupt to the first target, sent and answered, without what that does"),
    IPI_TARGET("each further target of the same interrupt"),
    /** On top for each target on another socket than the sender. */
    IPI_FAR("on top for each target on another socket"),
    /** Before the answer, so that the initiator waits for it, too. */
    IPI_ENTRY("what an interrupt takes from its victim besides its flush"),
    LOG_APPEND("writing a deferred flush into a log (LATR)"),
    LOG_SWEEP("reading a deferred flush from another CPU's log at a tick or switch, without what it drops (LATR)"),
    BROADCAST("a broadcast invalidation (INVLPGB) of one range"),
    SYNC("waiting until all CPUs have done the broadcasts (TLBSYNC)");

    private final String key;
    private final String description;

    Operation(String description) {
        this.key = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.description = description;
    }

    /** {@return its name in a profile's file: lower case with hyphens} */
    public String key() {
        return key;
    }

    /** {@return what it is, in a few words} */
    public String description() {
        return description;
    }

    /** {@return the operation of that name, if there is one} */
    static Optional<Operation> ofKey(String key) {
        return Arrays.stream(values()).filter(operation -> operation.key.equals(key)).findFirst();
    }
}
