package io.faultline.chaos;

import java.util.Locale;

/**
 * What can be made to fail. A rate is the share of operations hit; which operation that is, each kind says.
 */
public enum ChaosKind {
    /** Answers an error instead of the page. */
    FETCH_ERROR(0, Operation.PAGE, "a read of the page source answers an error"),
    /** Answers late, but in time. */
    FETCH_DELAY(1, Operation.PAGE, "a read answers later, by 1ms or as told: fetch-delay:RATE@DURATION"),
    /** Answers after nobody waits any more. */
    FETCH_STALL(2, Operation.PAGE,
            "a read answers too late, after twice the fetch timeout or as told: fetch-stall:RATE@DURATION"),
    /** Never answers. */
    FETCH_DEAD(3, Operation.PAGE, "a read never answers; its slot is free again after the fetch timeout"),
    /** Answers with fewer bytes than asked for. */
    SHORT_READ(4, Operation.PAGE, "a read ends before its last page is whole"),
    /** Saves nothing. */
    STORE_ERROR(5, Operation.PAGE, "a save of an evicted page fails, and the page stays"),
    /** Dies on a message. */
    HANDLER_CRASH(6, Operation.ACTOR, "a fault handler crashes while it handles a message and is replaced"),
    /** Dies on a message, with what it was reading. */
    FETCHER_CRASH(7, Operation.ACTOR, "a page fetcher crashes while it handles a message and is replaced"),
    /** Dies on a message; its waiters are told. */
    MEMSLOT_CRASH(8, Operation.ACTOR,
            "a memslot crashes while it handles a message: its waiters get an error, its replacement goes on");

    /** What a kind counts, and is keyed by. */
    enum Operation {
        /** Reads or saves: by the first page and the attempt. */
        PAGE,
        /** Messages handled: by the actor, its incarnation and how many it handled before. */
        ACTOR
    }

    private final int index;
    private final Operation operation;
    private final String description;

    ChaosKind(int index, Operation operation, String description) {
        this.index = index;
        this.operation = operation;
        this.description = description;
    }

    /** Returns a number below the number of kinds. It decides what the kind draws, so it never changes. */
    int index() {
        return index;
    }

    /** Returns what the user writes: {@code fetch-error}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns one line for people about what happens. */
    public String describe() {
        return description;
    }

    /** Tells whether it hits reads or saves of pages, rather than messages of actors. */
    public boolean isOfPages() {
        return operation == Operation.PAGE;
    }

    /** Tells whether it takes time, which can be told behind an {@code @}. */
    public boolean isTimed() {
        return this == FETCH_DELAY || this == FETCH_STALL;
    }
}
