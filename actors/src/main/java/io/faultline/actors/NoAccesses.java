package io.faultline.actors;

import io.faultline.workload.AccessSequence;

/** A workload that has come to its end. */
enum NoAccesses implements AccessSequence {
    INSTANCE;

    @Override
    public boolean next() {
        return false;
    }

    @Override
    public long page() {
        throw new IllegalStateException("there is no access");
    }

    @Override
    public boolean write() {
        throw new IllegalStateException("there is no access");
    }

    @Override
    public long remaining() {
        return 0;
    }
}
