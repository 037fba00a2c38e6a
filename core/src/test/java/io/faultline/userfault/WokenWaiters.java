package io.faultline.userfault;

import java.util.ArrayList;
import java.util.List;

/** A sink that remembers whom it was told to wake. */
final class WokenWaiters implements WakeSink {
    record Woken(int waiter, long address, boolean write, long raisedNanos) {}

    record Released(int caller, int event, long first, long second) {}

    final List<Woken> woken = new ArrayList<>();
    final List<Released> released = new ArrayList<>();

    @Override
    public void woken(int waiter, long address, boolean write, long raisedNanos) {
        woken.add(new Woken(waiter, address, write, raisedNanos));
    }

    @Override
    public void released(int caller, int event, long first, long second) {
        released.add(new Released(caller, event, first, second));
    }

    /** The waiters woken since the last call, in order. */
    List<Integer> take() {
        List<Integer> waiters = woken.stream().map(Woken::waiter).toList();
        woken.clear();
        return waiters;
    }
}
