package io.faultline.bench.peer;

/** The messages of a bare ring, in the order in which they go round. */
enum RingHop {
    FAULT, RESOLVE, FETCH, INSTALL, RESUME;

    /** What follows. */
    RingHop next() {
        return switch (this) {
            case FAULT -> RESOLVE;
            case RESOLVE -> FETCH;
            case FETCH -> INSTALL;
            case INSTALL -> RESUME;
            case RESUME -> FAULT;
        };
    }
}
