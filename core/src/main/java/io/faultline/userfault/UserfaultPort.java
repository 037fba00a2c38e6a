package io.faultline.userfault;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;

/**
 * One userfaultfd, simulated or real: an ioctl is a method, its errno and its result field are the value returned.
 *
 * <p>No operation throws for what the kernel answers with an errno. Ranges are start and length in bytes, both multiples
 * of 4 KiB, or of the page size on hugetlb memory; modes are those of {@link UserfaultModes}. Before
 * {@link #api the handshake} everything answers EINVAL. While a non-fault event is unread, all installing operations
 * answer EAGAIN with -11 in the field; WAKE works; reading the event frees them.
 *
 * <p>A port belongs to one owner, who alone calls it; it is not thread-safe.
 *
 * <p>Source of the semantics: ioctl_userfaultfd(2) and Linux 6.18.
 */
public interface UserfaultPort extends AutoCloseable {
    /**
     * UFFDIO_API: the handshake, once.
     *
     * @param version {@link UserfaultIoctls#API_VERSION}
     * @param features bits of {@link UserfaultFeatures}; WP_ASYNC brings WP_UNPOPULATED with it
     * @return EINVAL for another version, an unknown feature or a second call
     */
    ApiAnswer api(long version, long features);

    /**
     * REGISTER: from now on, accesses of these kinds to the range are reported here. Registering again replaces the
     * modes; holes in the range are fine.
     *
     * @param start first address
     * @param length bytes
     * @param modes {@code REGISTER_} modes, at least one
     * @return the mask of ioctls the range answers to in the field; EINVAL, EBUSY when another port owns a part
     */
    IoctlResult register(long start, long length, int modes);

    /**
     * UNREGISTER: no more reports; waiters of ranges registered MISSING are woken and write protection is undone.
     *
     * @param start first address
     * @param length bytes
     * @return EINVAL when nothing is mapped there or another port owns a part
     */
    IoctlResult unregister(long start, long length);

    /**
     * COPY: allocates pages, fills them and makes them present, then wakes.
     *
     * @param destination first address to fill
     * @param source where the bytes come from
     * @param sourceOffset where in the source, in bytes of memory; need not be aligned when the source holds bytes
     * @param length bytes
     * @param mode {@code COPY_} modes
     * @return the bytes copied in the field; EEXIST for a page that is present, ENOENT outside a registered range,
     *     EFAULT past the source, ENOMEM without frames, EAGAIN when it stopped half-way
     */
    IoctlResult copy(long destination, PageBuffer source, long sourceOffset, long length, int mode);

    /**
     * ZEROPAGE: makes zero-filled pages present, then wakes. Not for hugetlb memory.
     *
     * @param start first address
     * @param length bytes
     * @param mode {@code ZEROPAGE_} modes
     * @return the bytes done in the field; EEXIST for a page that is present or carries a marker
     */
    IoctlResult zeropage(long start, long length, int mode);

    /**
     * CONTINUE: maps pages that are in the page cache, then wakes. Resolves minor faults.
     *
     * @param start first address
     * @param length bytes
     * @param mode {@code CONTINUE_} modes
     * @return the bytes mapped in the field; EFAULT for a page not in the page cache, EEXIST for a mapped one
     */
    IoctlResult continueMapping(long start, long length, int mode);

    /**
     * MOVE: moves pages of private anonymous memory without copying them, then wakes the destination.
     *
     * @param destination first address to fill; must be registered here
     * @param source first address to take from; need not be registered
     * @param length bytes
     * @param mode {@code MOVE_} modes
     * @return the bytes moved in the field; EEXIST, ENOENT for a hole in the source, EBUSY for a shared page
     */
    IoctlResult move(long destination, long source, long length, int mode);

    /**
     * WRITEPROTECT: with its WP mode protects what is there (and, by markers, what is not), without it un-protects and
     * wakes.
     *
     * @param start first address
     * @param length bytes
     * @param mode {@code WRITEPROTECT_} modes
     * @return the field is always untouched; ENOENT outside ranges registered WP
     */
    IoctlResult writeProtect(long start, long length, int mode);

    /**
     * POISON: leaves markers that answer every access with SIGBUS, then wakes.
     *
     * @param start first address
     * @param length bytes
     * @param mode {@code POISON_} modes
     * @return the bytes poisoned in the field; EEXIST for a page that is present or carries a marker
     */
    IoctlResult poison(long start, long length, int mode);

    /**
     * WAKE: sets the waiters of a range going again, whatever is there now.
     *
     * @param start first address
     * @param length bytes
     * @return EINVAL for a range that does not align; an unmapped range is fine
     */
    IoctlResult wake(long start, long length);

    /**
     * read(2), non-blocking: appends the messages there are, faults in the order raised, then non-fault events.
     *
     * @param into where they go, until it is full
     * @return OK when there was at least one; EAGAIN when none; EINVAL when {@code into} has no room
     */
    Errno read(UserfaultMessages into);

    /**
     * Closes the descriptor: unregisters everything and wakes all waiters, who then read zeros. To fail closed, answer
     * the waiters first.
     */
    @Override
    void close();
}
