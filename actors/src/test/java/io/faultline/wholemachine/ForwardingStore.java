package io.faultline.wholemachine;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageStore;
import io.faultline.source.ReadResult;

/** A store that does what another does, for doubles that change one thing of it. */
class ForwardingStore implements PageStore {
    private final PageStore store;

    ForwardingStore(PageStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public boolean holds(long basePage) {
        return store.holds(basePage);
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        return store.read(firstPage, destination);
    }

    @Override
    public ReadResult write(long firstPage, PageBuffer source) {
        return store.write(firstPage, source);
    }

    @Override
    public boolean blocking() {
        return store.blocking();
    }

    @Override
    public void close() {
        store.close();
    }
}
