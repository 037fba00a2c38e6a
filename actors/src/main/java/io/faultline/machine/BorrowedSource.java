package io.faultline.machine;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;

/**
 * Another's open source, which a run uses but must not close.
 *
 * @param owned
 *            theirs
 */
public record BorrowedSource(PageSource owned) implements PageSource {
    @Override
    public String name() {
        return owned.name();
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        return owned.read(firstPage, destination);
    }

    @Override
    public boolean blocking() {
        return owned.blocking();
    }

    @Override
    public boolean isLatest(long page) {
        return owned.isLatest(page);
    }

    @Override
    public void close() {
        // Its owner does, when no run uses it any more.
    }
}
