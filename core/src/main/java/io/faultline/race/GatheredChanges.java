package io.faultline.race;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.FlushRequestBuilder;
import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;

/** What one operation did to a page table: the range that became stale, what it found there, and the frames it took out. */
final class GatheredChanges {
    private final RaceSpace space;
    /** The tag at the time of the first change. */
    private int asid;
    private final ChangeKind kind;
    private final Direction direction;
    private final List<Long> taken = new ArrayList<>();
    private final List<Long> tables = new ArrayList<>();
    private final List<Long> cleaned = new ArrayList<>();
    private boolean begun;
    private boolean announced;
    private boolean announcedLate;
    private long sequence;
    private long start = Long.MAX_VALUE;
    private long end;
    /** What was looked at and found empty: the range of a request that changed nothing. */
    private long lookedStart = Long.MAX_VALUE;
    private long lookedEnd;
    private long present;

    GatheredChanges(RaceSpace space, ChangeKind kind, Direction direction) {
        this.space = space;
        this.kind = kind;
        this.direction = direction;
    }

    /** Nobody is to hear of a flush that is pending before it is asked for. */
    void announcedLate() {
        announcedLate = true;
    }

    /** Before the first entry is written ({@code inc_tlb_flush_pending}). */
    void begin() {
        if (!begun) {
            begun = true;
            asid = space.asid();
            if (!announcedLate) {
                announce();
            }
        }
    }

    private void announce() {
        if (!announced) {
            announced = true;
            space.race().domain().space(asid).changeBegins();
        }
    }

    /** The operation ends without a request. */
    void withdraw() {
        if (announced) {
            announced = false;
            space.race().domain().space(asid).changeEnds();
        }
    }

    void changed(long from, long to, long found) {
        lookedStart = Math.min(lookedStart, from);
        lookedEnd = Math.max(lookedEnd, to);
        if (found > 0) {
            sequence = kind == ChangeKind.MOVE
                    ? space.oracle().moved(asid, from, to, direction)
                    : space.oracle().changed(asid, from, to);
            start = Math.min(start, from);
            end = Math.max(end, to);
            present += found;
        }
    }

    /** Takes over a reference to the frames of an entry. */
    void take(long entry) {
        taken.add(entry);
    }

    /** The dirty bit of a frame's page was taken away: what was written until the flush is given up. */
    void cleans(long frame) {
        cleaned.add(frame);
    }

    /** The operation goes on: nobody can have a translation from before it. */
    void completed() {
        cleaned.forEach(frame -> space.oracle().cleaned(frame, 1));
    }

    /** Page tables of 2 MiB each that were unhooked. */
    void tableFreed(long tableStart) {
        tables.add(tableStart);
    }

    FlushRequest request(long id, long operation, int cpu, boolean synchronous) {
        if (!begun) {
            throw new IllegalStateException("a flush is asked for before anything was changed or looked at");
        }
        announce();
        boolean nothing = present == 0;
        FlushRequestBuilder request = FlushRequest
                .of(id, asid, kind, nothing ? lookedStart : start, nothing ? lookedEnd : end)
                .operation(operation)
                .cpu(cpu)
                .direction(direction)
                .pagesPresent(present)
                .framesFreed(taken.size())
                .changed(nothing ? space.oracle().sequence() : sequence, space.race().stage().clock().nanos());
        if (!tables.isEmpty()) {
            request.tablesFreed();
        }
        return (synchronous ? request.synchronous() : request).build();
    }

    /** Gives back what was taken, tables first. */
    void free() {
        for (long table : tables) {
            long tableEnd = table + RaceChanges.TABLE_BYTES;
            space.oracle().tableFreed(asid, table, tableEnd, sequence);
            space.memory().hva().prune(table, tableEnd);
            space.race().stage().note("the table of " + RacePages.pages(table, tableEnd));
        }
        FramePool frames = space.race().frames();
        for (long entry : taken) {
            boolean free = frames.release(Entry.frame(entry), Entry.size(entry));
            space.race().stage().note("frame " + Entry.frame(entry) + (free ? " free" : " put"));
        }
        tables.clear();
        taken.clear();
    }
}
