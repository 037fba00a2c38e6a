package io.faultline.verify;

import java.util.concurrent.atomic.AtomicLong;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;

/** Counts the reads of another source. */
final class CountingSource implements PageSource {
    private final PageSource real;
    private final AtomicLong reads = new AtomicLong();

    CountingSource(PageSource real) {
        this.real = real;
    }

    long reads() {
        return reads.get();
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        reads.incrementAndGet();
        return real.read(firstPage, destination);
    }

    @Override
    public boolean blocking() {
        return real.blocking();
    }

    @Override
    public void close() {
        real.close();
    }
}
