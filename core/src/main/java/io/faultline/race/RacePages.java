package io.faultline.race;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;

/** Pages of 4 KiB by number, as scripts name them, and by address, as everything below does. */
final class RacePages {
    private RacePages() {}

    static long address(long page) {
        return page << PageSize.BASE_SHIFT;
    }

    static long pageOf(long address) {
        return address >>> PageSize.BASE_SHIFT;
    }

    /** A range in words. */
    static String pages(long start, long end) {
        long first = pageOf(start);
        long last = pageOf(end - 1);
        return first == last ? "page " + first : "pages " + first + " to " + last;
    }

    /** The frame that an entry names; a script that reaches for one that is not there says so. */
    static long frame(long entry, long page) {
        if (!Entry.isMapped(entry)) {
            throw new IllegalStateException("page " + page + " has no frame; it is " + Entry.describe(entry));
        }
        return Entry.frame(entry);
    }

    static void require(Errno errno, long page) {
        if (errno != Errno.OK) {
            throw new IllegalStateException("page " + page + ": " + errno);
        }
    }
}
