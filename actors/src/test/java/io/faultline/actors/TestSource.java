package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;

/** A source whose reads a test decides about; page p's token is 1000 + p. For a virtual world: not thread-safe. */
class TestSource implements PageSource {
    final List<Long> reads = new ArrayList<>();
    /** Reads that fail before any succeeds. */
    int failures;

    @Override
    public String name() {
        return "test source";
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        reads.add(firstPage);
        if (failures > 0) {
            failures--;
            return ReadResult.failed("injected");
        }
        destination.token(0, 1_000 + firstPage);
        return ReadResult.ok(1);
    }

    @Override
    public boolean blocking() {
        return false;
    }

    @Override
    public void close() {
        // The test made it and the test forgets it.
    }
}
