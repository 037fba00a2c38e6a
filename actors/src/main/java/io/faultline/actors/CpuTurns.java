package io.faultline.actors;

import java.util.ArrayDeque;

/**
 * Who runs on a CPU that several vCPUs share, and who waits for it: first come, first served, but that one which has to take
 * an interrupt goes before all others. Not thread-safe: the CPU's actor owns it.
 */
final class CpuTurns {
    /** Nobody runs. */
    static final int NONE = -1;

    private final ArrayDeque<Integer> interrupted = new ArrayDeque<>();
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private int running = NONE;
    private long turn;

    /** Adds a vCPU, once; before all others when it has to take an interrupt. */
    void add(int vcpu, boolean forInterrupt) {
        if (interrupted.contains(vcpu)) {
            return;
        }
        boolean waits = waiting.contains(vcpu);
        if (forInterrupt) {
            if (waits) {
                waiting.remove(vcpu);
            }
            interrupted.addLast(vcpu);
        } else if (!waits) {
            waiting.addLast(vcpu);
        }
    }

    /**
     * The one that runs gives the CPU back.
     *
     * @param vcpu
     *            who
     * @param runnable
     *            whether it would run on: it is the next one again when it only made way for an interrupt, the last one
     *            when its slice was over
     */
    void giveBack(int vcpu, boolean runnable) {
        if (running != vcpu) {
            throw new IllegalStateException("vCPU " + vcpu + " gives back a CPU that runs " + running);
        }
        running = NONE;
        if (runnable && interrupted.isEmpty()) {
            waiting.addLast(vcpu);
        } else if (runnable) {
            waiting.addFirst(vcpu);
        }
    }

    /** Lets the next one run, if the CPU is free and anybody waits; tells whether it did. */
    boolean next() {
        Integer next = running != NONE ? null : interrupted.isEmpty() ? waiting.poll() : interrupted.poll();
        if (next == null) {
            return false;
        }
        running = next;
        turn++;
        return true;
    }

    /** Who runs, or {@link #NONE}. */
    int running() {
        return running;
    }

    /** The number of the present turn; every turn has another. */
    long turn() {
        return turn;
    }

    /** Whether somebody waits while another runs. */
    boolean isContended() {
        return running != NONE && !(waiting.isEmpty() && interrupted.isEmpty());
    }
}
