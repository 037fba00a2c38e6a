package io.faultline.source;

import io.faultline.memory.PageBuffer;

/** Pages of zeros: what memory that is zero-filled must hold. */
final class ZeroSource implements PageSource {
    @Override
    public String name() {
        return "zero";
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        if (destination.isTokens()) {
            int basePages = (int) destination.basePages();
            for (int i = 0; i < basePages; i++) {
                destination.token(i, 0);
            }
        } else {
            destination.bytes().fill((byte) 0);
        }
        return ReadResult.ok(destination.pages());
    }

    @Override
    public boolean blocking() {
        return false;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
