package io.faultline.source;

import java.io.IOException;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/** Keeps the books of a store: which pages it holds, and which of them it could not save. Two bits per base page at most. */
abstract class TrackingStore implements PageStore {
    private final String name;
    private final long basePages;
    private final boolean tokens;
    private final PageBits held;
    private final PageBits damaged;

    TrackingStore(String name, long memoryBytes, boolean tokens) {
        this.name = name;
        this.tokens = tokens;
        basePages = (memoryBytes + PageSize.BASE_BYTES - 1) >>> PageSize.BASE_SHIFT;
        held = new PageBits(basePages);
        damaged = new PageBits(basePages);
    }

    /** Keeps all of the buffer, which begins at a base page. */
    abstract void save(long firstBasePage, PageBuffer source) throws IOException;

    /** Fills all of the buffer, every page of which was saved. */
    abstract void load(long firstBasePage, PageBuffer destination) throws IOException;

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean holds(long basePage) {
        return held.get(basePage);
    }

    @Override
    public final ReadResult write(long firstPage, PageBuffer source) {
        long first = checkedBasePage(firstPage, source);
        boolean saved = false;
        try {
            save(first, source);
            saved = true;
            return ReadResult.ok(source.pages());
        } catch (IOException e) {
            return ReadResult.failed(name + ": page " + firstPage + " cannot be saved: " + e);
        } finally {
            if (saved) {
                damaged.clear(first, source.basePages());
            } else {
                damaged.set(first, source.basePages());
            }
            // Last: who sees that the page is held sees what was saved, or that it was not.
            held.set(first, source.basePages());
        }
    }

    @Override
    public final ReadResult read(long firstPage, PageBuffer destination) {
        long first = checkedBasePage(firstPage, destination);
        long end = first + destination.basePages();
        long readable = first;
        while (readable < end && held.get(readable) && !damaged.get(readable)) {
            readable++;
        }
        int pages = (int) ((readable - first) / destination.pageSize().basePages());
        try {
            if (pages > 0) {
                load(first, destination.slice(0, pages));
            }
        } catch (IOException e) {
            return ReadResult.failed(name + ": page " + firstPage + " cannot be read: " + e);
        }
        if (readable == end) {
            return ReadResult.ok(pages);
        }
        String why = held.get(readable) ? "could not be saved when it was last tried" : "was never saved";
        return new ReadResult(ReadResult.Status.ERROR, pages, name + ": base page " + readable + " " + why);
    }

    private long checkedBasePage(long firstPage, PageBuffer buffer) {
        long first = firstPage * buffer.pageSize().basePages();
        if (firstPage < 0 || first + buffer.basePages() > basePages) {
            throw new IndexOutOfBoundsException(buffer.pages() + " pages of " + buffer.pageSize() + " from page "
                    + firstPage + " on are not all in " + name + ", which has room for " + basePages + " base pages");
        }
        if (buffer.isTokens() != tokens) {
            throw new IllegalArgumentException(
                    name + " keeps " + (tokens ? "tokens, not bytes" : "bytes, not tokens"));
        }
        return first;
    }
}
