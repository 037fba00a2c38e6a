package io.faultline.oracle;

/** What must hold whatever a flush policy defers. */
public enum Invariant {
    /** A flush that was reported complete, or settled, really happened. */
    O1(1, "no access through an entry that a completed synchronous flush covered"),
    /** Frames stay in quarantine long enough. */
    O2(2, "no frame reallocated while a live entry maps it, unless the policy declares an exemption"),
    /** Virtual ranges stay in quarantine long enough. */
    O3(3, "no virtual range reused while an entry of its old mapping lives"),
    /** Nobody writes to a page behind the back of its copy. */
    O4(4, "no copy or save of a page while a writable stale entry exists"),
    /** Walkers do not read freed tables. */
    O5(5, "no page-table page freed without its walkers' acknowledgement"),
    /** Generations tell the truth. */
    O6(6, "local generation at most the address space's, never advanced past a range not applied"),
    /** Deferred is not forgotten. */
    O7(7, "every obligation acknowledged, within the policy's declared staleness"),
    /** Writes are known of. */
    O8(8, "no dirty information lost");

    private final int number;
    private final String description;

    Invariant(int number, String description) {
        this.number = number;
        this.description = description;
    }

    /** {@return what must hold, in one line} */
    public String description() {
        return description;
    }

    /** A set of invariants is the sum of their bits. */
    int bit() {
        return 1 << (number - 1);
    }
}
