package io.faultline.source;

import io.faultline.memory.ChunkedLongs;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.units.MemorySize;

/** Tokens in memory. */
final class TokenStore extends TrackingStore {
    private final ChunkedLongs tokens;

    TokenStore(long memoryBytes) {
        super("token store for " + new MemorySize(memoryBytes), memoryBytes, true);
        tokens = new ChunkedLongs((memoryBytes + PageSize.BASE_BYTES - 1) >>> PageSize.BASE_SHIFT);
    }

    @Override
    void save(long firstBasePage, PageBuffer source) {
        int basePages = (int) source.basePages();
        for (int i = 0; i < basePages; i++) {
            tokens.setRelease(firstBasePage + i, source.token(i));
        }
    }

    @Override
    void load(long firstBasePage, PageBuffer destination) {
        int basePages = (int) destination.basePages();
        for (int i = 0; i < basePages; i++) {
            destination.token(i, tokens.getAcquire(firstBasePage + i));
        }
    }

    @Override
    public boolean blocking() {
        return false;
    }

    @Override
    public void close() {
        // Memory only.
    }
}
