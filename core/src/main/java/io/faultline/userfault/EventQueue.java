package io.faultline.userfault;

import java.util.ArrayDeque;

/**
 * Non-fault events not yet read. While there is one the address space counts as changing, and installing operations
 * answer EAGAIN (mmap_changing in the kernel). Bounded by the callers, each of whom is blocked until its event is read.
 */
final class EventQueue {
    private record Event(int caller, int event, long first, long second, long third) {}

    private final ArrayDeque<Event> unread = new ArrayDeque<>();

    boolean isChanging() {
        return !unread.isEmpty();
    }

    void add(int caller, int event, long first, long second, long third) {
        unread.addLast(new Event(caller, event, first, second, third));
    }

    /** Moves events out, oldest first, and releases their callers. */
    int read(UserfaultMessages into, WakeSink sink) {
        int moved = 0;
        while (!unread.isEmpty() && !into.isFull()) {
            Event event = unread.removeFirst();
            into.addEvent(event.event, event.first, event.second, event.third);
            sink.released(event.caller, event.event, event.first, event.second);
            moved++;
        }
        return moved;
    }

    /** Releases all callers without their events being read: the descriptor was closed. */
    void abandon(WakeSink sink) {
        while (!unread.isEmpty()) {
            Event event = unread.removeFirst();
            sink.released(event.caller, event.event, event.first, event.second);
        }
    }
}
