package io.faultline.source;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/** Reads each page where its latest contents are. */
final class StoreOverSource implements PageSource {
    private final PageStore store;
    private final PageSource source;

    StoreOverSource(PageStore store, PageSource source) {
        this.store = store;
        this.source = source;
    }

    @Override
    public String name() {
        return source.name() + ", saved pages in " + store.name();
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        long basePagesPerPage = destination.pageSize().basePages();
        long first = firstPage * basePagesPerPage;
        long end = first + destination.basePages();
        if (runEnd(first, end) == end) {
            return layerOf(first).read(firstPage, destination);
        }
        PageBuffer basePages = destination.as(PageSize.SIZE_4K);
        for (long run = first; run < end;) {
            long runEnd = runEnd(run, end);
            ReadResult result =
                    layerOf(run).read(run, basePages.slice((int) (run - first), (int) (runEnd - run)));
            if (!result.isOk()) {
                int pages = (int) ((run - first + result.pagesRead()) / basePagesPerPage);
                return new ReadResult(result.status(), pages, result.reason());
            }
            run = runEnd;
        }
        return ReadResult.ok(destination.pages());
    }

    private PageSource layerOf(long basePage) {
        return store.holds(basePage) ? store : source;
    }

    /** Returns the first base page that is not in the same layer as those from {@code first} on. */
    private long runEnd(long first, long end) {
        boolean held = store.holds(first);
        long runEnd = first + 1;
        while (runEnd < end && store.holds(runEnd) == held) {
            runEnd++;
        }
        return runEnd;
    }

    @Override
    public boolean blocking() {
        return store.blocking() || source.blocking();
    }

    @Override
    public boolean isLatest(long page) {
        return store.holds(page) ? store.isLatest(page) : source.isLatest(page);
    }

    @Override
    public void close() {
        try {
            store.close();
        } finally {
            source.close();
        }
    }
}
