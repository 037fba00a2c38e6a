package io.faultline.userfault;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import io.faultline.memory.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The errno table again, as naively as can be: a map of addresses to pages, each with a state, and lists that are
 * searched from end to end. It shares no code with the port and knows nothing of page tables, frames or VMAs; where a
 * VMA ends is where the registered modes differ.
 */
final class NaivePort {
    record Waiting(int waiter, long shown, int flags) {}

    private interface Fill {
        Errno fill(NaivePage page);
    }

    final TreeMap<Long, NaivePage> pages = new TreeMap<>();
    final List<Waiting> waiting = new ArrayList<>();
    final List<Waiting> unread = new ArrayList<>();
    final List<Integer> woken = new ArrayList<>();
    int unreadEvents;

    void map(long start, Memory memory, int count) {
        for (int i = 0; i < count; i++) {
            long address = start + i * memory.pageBytes();
            pages.put(address, new NaivePage(address, memory));
        }
    }

    @Nullable
    NaivePage at(long address) {
        var entry = pages.floorEntry(address);
        return entry != null && address < entry.getValue().end() ? entry.getValue() : null;
    }

    List<NaivePage> in(long start, long end) {
        List<NaivePage> found = new ArrayList<>();
        for (NaivePage page : pages.values()) {
            if (page.address < end && start < page.end()) {
                found.add(page);
            }
        }
        return found;
    }

    /** Whether the range lies in what is one mapping for the kernel. */
    private boolean isOneMapping(long start, long end) {
        NaivePage first = at(start);
        long reached = start;
        for (NaivePage page = first; page != null && reached < end; page = at(reached)) {
            if (first == null || page.modes != first.modes || page.memory != first.memory) {
                return false;
            }
            reached = page.end();
        }
        return reached >= end;
    }

    private static boolean isMalformed(long start, long length, int mode, int modeMax) {
        return start % 4096 != 0 || length % 4096 != 0 || length <= 0 || mode < 0 || mode > modeMax;
    }

    private static IoctlResult untouched(Errno errno) {
        return new IoctlResult(errno, IoctlResult.UNTOUCHED);
    }

    private static IoctlResult answer(Errno errno) {
        return new IoctlResult(errno, -errno.number());
    }

    IoctlResult copy(long start, long tokenBase, long sourceBytes, long length, int mode) {
        boolean protect = (mode & 2) != 0;
        return fill(start, length, mode, 3, protect, page -> {
            long offset = page.address - start;
            if (offset + page.memory.pageBytes() > sourceBytes) {
                return Errno.EFAULT;
            }
            if (page.state == NaivePage.State.PRESENT || page.cached != null) {
                return Errno.EEXIST;
            }
            page.present(tokenBase + offset / 4096, protect);
            return Errno.OK;
        });
    }

    IoctlResult zeropage(long start, long length, int mode) {
        return fill(start, length, mode, 1, false, page -> {
            if (page.memory.isHugetlb()) {
                return Errno.EINVAL;
            }
            boolean isTaken = page.memory.isShared()
                    ? page.state == NaivePage.State.PRESENT
                    : page.state != NaivePage.State.EMPTY;
            if (isTaken || page.cached != null) {
                return Errno.EEXIST;
            }
            page.present(0, false);
            return Errno.OK;
        });
    }

    IoctlResult continueMapping(long start, long length, int mode) {
        boolean protect = (mode & 2) != 0;
        return fill(start, length, mode, 3, protect, page -> {
            if (page.memory.isAnon()) {
                return Errno.EINVAL;
            }
            if (page.cached == null) {
                return Errno.EFAULT;
            }
            if (page.state == NaivePage.State.PRESENT) {
                return Errno.EEXIST;
            }
            page.present(page.cached, protect);
            return Errno.OK;
        });
    }

    IoctlResult poison(long start, long length, int mode) {
        return fill(start, length, mode, 1, false, page -> {
            if (page.state != NaivePage.State.EMPTY) {
                return Errno.EEXIST;
            }
            page.state = NaivePage.State.POISON;
            return Errno.OK;
        });
    }

    private IoctlResult fill(long start, long length, int mode, int modeMax, boolean protect, Fill fill) {
        if (unreadEvents > 0) {
            return answer(Errno.EAGAIN);
        }
        if (isMalformed(start, length, mode, modeMax)) {
            return untouched(Errno.EINVAL);
        }
        NaivePage first = at(start);
        if (first == null || first.modes == 0 || !isOneMapping(start, start + length)) {
            return answer(Errno.ENOENT);
        }
        long pageBytes = first.memory.pageBytes();
        if ((protect && !first.has(2)) || start % pageBytes != 0 || length % pageBytes != 0) {
            return answer(Errno.EINVAL);
        }
        long done = 0;
        Errno errno = Errno.OK;
        for (NaivePage page : in(start, start + length)) {
            errno = fill.fill(page);
            if (errno != Errno.OK) {
                break;
            }
            done += pageBytes;
        }
        return finish(start, done, errno, (mode & 1) == 0);
    }

    private IoctlResult finish(long start, long done, Errno errno, boolean wakes) {
        if (wakes) {
            wake(start, start + done);
        }
        if (errno == Errno.OK) {
            return new IoctlResult(Errno.OK, done);
        }
        return done > 0 ? new IoctlResult(Errno.EAGAIN, done) : answer(errno);
    }

    IoctlResult move(long destination, long source, long length, int mode) {
        if (unreadEvents > 0) {
            return answer(Errno.EAGAIN);
        }
        if (isMalformed(destination, length, mode, 3) || isMalformed(source, length, mode, 3)) {
            return untouched(Errno.EINVAL);
        }
        NaivePage to = at(destination);
        NaivePage from = at(source);
        if (to == null || from == null) {
            return answer(Errno.ENOENT);
        }
        if (!to.memory.isAnon() || !from.memory.isAnon() || to.modes == 0
                || !isOneMapping(destination, destination + length) || !isOneMapping(source, source + length)) {
            return answer(Errno.EINVAL);
        }
        long done = 0;
        Errno errno = Errno.OK;
        while (done < length && errno == Errno.OK) {
            errno = movePage(pages.get(destination + done), pages.get(source + done), (mode & 2) != 0);
            done += errno == Errno.OK ? 4096 : 0;
        }
        return finish(destination, done, errno, (mode & 1) == 0);
    }

    private static Errno movePage(NaivePage to, NaivePage from, boolean allowHoles) {
        if (to.state != NaivePage.State.EMPTY) {
            return Errno.EEXIST;
        }
        if (from.state == NaivePage.State.EMPTY) {
            return allowHoles ? Errno.OK : Errno.ENOENT;
        }
        if (from.state != NaivePage.State.PRESENT) {
            return Errno.EFAULT;
        }
        to.present(from.token, false);
        from.state = NaivePage.State.EMPTY;
        from.protectedAgainstWrites = false;
        return Errno.OK;
    }

    IoctlResult writeProtect(long start, long length, int mode) {
        if (unreadEvents > 0) {
            return untouched(Errno.EAGAIN);
        }
        if (isMalformed(start, length, mode, 2)) {
            return untouched(Errno.EINVAL);
        }
        List<NaivePage> range = in(start, start + length);
        for (NaivePage page : range) {
            if (!page.has(2)) {
                return untouched(Errno.ENOENT);
            }
            if (start % page.memory.pageBytes() != 0 || length % page.memory.pageBytes() != 0) {
                return untouched(Errno.EINVAL);
            }
            if (mode != 1) {
                page.unprotect();
            } else if (page.state == NaivePage.State.PRESENT) {
                page.protectedAgainstWrites = true;
            } else if (page.state == NaivePage.State.EMPTY) {
                page.state = NaivePage.State.MARKER;
            }
        }
        if (range.isEmpty()) {
            return untouched(Errno.ENOENT);
        }
        if (mode == 0) {
            wake(start, start + length);
        }
        return untouched(Errno.OK);
    }

    IoctlResult register(long start, long length, int modes) {
        if (isMalformed(start, length, modes, 7) || modes == 0 || cutsHugePage(start, length)) {
            return untouched(Errno.EINVAL);
        }
        List<NaivePage> range = in(start, start + length);
        boolean anon = range.stream().anyMatch(page -> page.memory.isAnon());
        if (range.isEmpty() || (anon && (modes & 4) != 0)) {
            return untouched(Errno.EINVAL);
        }
        boolean hugetlb = range.stream().anyMatch(page -> page.memory.isHugetlb());
        for (NaivePage page : range) {
            page.modes = (page.modes & modes) == modes ? page.modes : modes;
        }
        long ioctls = hugetlb ? 0x10c : 0x13c;
        return new IoctlResult(
                Errno.OK, ioctls | ((modes & 2) != 0 ? 0x40 : 0) | ((modes & 4) != 0 ? 0x80 : 0));
    }

    IoctlResult unregister(long start, long length) {
        List<NaivePage> range = in(start, start + length);
        if (isMalformed(start, length, 0, 0) || range.isEmpty() || cutsHugePage(start, length)) {
            return untouched(Errno.EINVAL);
        }
        for (NaivePage page : range) {
            if (page.has(1)) {
                wake(page.address, page.end());
            }
            if (page.has(2)) {
                page.unprotect();
            }
            page.modes = 0;
        }
        return untouched(Errno.OK);
    }

    private boolean cutsHugePage(long start, long length) {
        return in(start, start + length).stream()
                .anyMatch(page -> page.address < start || page.end() > start + length);
    }

    void wake(long start, long end) {
        for (Waiting waiter : List.copyOf(waiting)) {
            if (start <= waiter.shown && waiter.shown < end) {
                waiting.remove(waiter);
                unread.remove(waiter);
                woken.add(waiter.waiter);
            }
        }
    }

    void discard(NaivePage page) {
        boolean keepsMarker = page.memory.isShared()
                && (page.state == NaivePage.State.MARKER
                        || (page.state == NaivePage.State.PRESENT && page.protectedAgainstWrites));
        page.state = keepsMarker ? NaivePage.State.MARKER : NaivePage.State.EMPTY;
        page.protectedAgainstWrites = false;
    }

    RaiseOutcome raise(int waiter, long address, boolean write) {
        NaivePage page = at(address);
        if (page == null) {
            return RaiseOutcome.SEGV;
        }
        int flags = write ? 1 : 0;
        if (page.state == NaivePage.State.POISON) {
            return RaiseOutcome.SIGBUS;
        }
        boolean found = page.state == NaivePage.State.PRESENT;
        if (!found) {
            if (page.has(page.cached == null ? 1 : 4)) {
                return queue(waiter, page, flags | (page.cached == null ? 0 : 4));
            }
            boolean marked = page.state == NaivePage.State.MARKER && page.has(2);
            page.present(page.cached == null ? 0 : page.cached, marked);
        }
        if (write && page.protectedAgainstWrites) {
            if (page.has(2)) {
                return queue(waiter, page, flags | 2);
            }
            page.protectedAgainstWrites = false;
            return RaiseOutcome.RESOLVED_BY_KERNEL;
        }
        return found ? RaiseOutcome.ALREADY_RESOLVED : RaiseOutcome.RESOLVED_BY_KERNEL;
    }

    private RaiseOutcome queue(int waiter, NaivePage page, int flags) {
        Waiting queued = new Waiting(waiter, page.address, flags);
        waiting.add(queued);
        unread.add(queued);
        return RaiseOutcome.QUEUED;
    }
}
