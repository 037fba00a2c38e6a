package io.faultline.shootdown;

import io.faultline.cost.Operation;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;

/** A system call on the memory of the calling process. */
public enum MemoryCall {
    /** munmap(2). */
    MUNMAP(Operation.MUNMAP_CALL, Operation.UNMAP_PAGE, ChangeKind.UNMAP, Direction.NONE, true),
    /** madvise(2) with MADV_DONTNEED. */
    DISCARD(Operation.MADVISE_CALL, Operation.UNMAP_PAGE, ChangeKind.UNMAP, Direction.NONE, false),
    /** mprotect(2) to read-only. */
    MPROTECT(Operation.MPROTECT_CALL, Operation.MPROTECT_PAGE, ChangeKind.PROTECT, Direction.NONE, true),
    /** UFFDIO_MOVE of received pages into the application's range. */
    MOVE_IN(Operation.MOVE_CALL, Operation.MOVE_PAGE, ChangeKind.MOVE, Direction.INTO_APP, false),
    /** UFFDIO_MOVE of the application's pages out of its range. */
    MOVE_OUT(Operation.MOVE_CALL, Operation.MOVE_PAGE, ChangeKind.MOVE, Direction.OUT_OF_APP, false),
    /** UFFDIO_COPY, which takes nothing away and flushes nothing. */
    COPY(Operation.COPY_CALL, Operation.COPY_PAGE, ChangeKind.INSTALL, Direction.NONE, false);

    private final Operation base;
    private final Operation page;
    private final ChangeKind kind;
    private final Direction direction;
    private final boolean exclusive;

    MemoryCall(Operation base, Operation page, ChangeKind kind, Direction direction, boolean exclusive) {
        this.base = base;
        this.page = page;
        this.kind = kind;
        this.direction = direction;
        this.exclusive = exclusive;
    }

    /** {@return what a call costs, without its pages} */
    Operation base() {
        return base;
    }

    /** {@return what a page costs on top} */
    Operation page() {
        return page;
    }

    /** {@return what becomes of the page-table entries} */
    ChangeKind kind() {
        return kind;
    }

    /** {@return which way the pages of a MOVE go} */
    Direction direction() {
        return direction;
    }

    /** {@return whether it takes the mm lock for writing} */
    boolean isExclusive() {
        return exclusive;
    }

    /** {@return whether pages leave their range for another, with their contents} */
    boolean isMove() {
        return kind == ChangeKind.MOVE;
    }
}
