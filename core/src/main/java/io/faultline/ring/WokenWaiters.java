package io.faultline.ring;

import java.util.Arrays;

import io.faultline.userfault.WakeSink;

/**
 * Those a port has set going again and the callers of events it has released, collected until the memslot tells them:
 * a vCPU must not run before the second stage maps the page too. Not thread-safe: the port's owner owns it.
 */
public final class WokenWaiters implements WakeSink {
    private int[] waiters = new int[16];
    private int count;
    private int[] callers = new int[4];
    private int callerCount;

    @Override
    public void woken(int waiter, long address, boolean write, long raisedNanos) {
        if (count == waiters.length) {
            waiters = Arrays.copyOf(waiters, count * 2);
        }
        waiters[count++] = waiter;
    }

    @Override
    public void released(int caller, int event, long first, long second) {
        if (callerCount == callers.length) {
            callers = Arrays.copyOf(callers, callerCount * 2);
        }
        callers[callerCount++] = caller;
    }

    public int count() {
        return count;
    }

    public int waiter(int index) {
        return waiters[index];
    }

    /** How many callers of non-fault events may go on, because their event was read. */
    public int callerCount() {
        return callerCount;
    }

    public int caller(int index) {
        return callers[index];
    }

    public void clearWaiters() {
        count = 0;
    }

    public void clearCallers() {
        callerCount = 0;
    }
}
