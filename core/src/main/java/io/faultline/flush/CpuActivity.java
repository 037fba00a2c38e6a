package io.faultline.flush;

/**
 * What one CPU does, as its part of the policy is told: that it runs in its address space, idles, was preempted, or has left
 * the address space. Each change is told once, so a host may say what it wants as often as it likes. Also the CPU's tick,
 * which a host without timers looks for between two accesses. Not thread-safe: whoever runs the CPU owns it.
 */
public final class CpuActivity {
    private enum Phase {
        AWAY,
        RUNNING,
        IDLE,
        PREEMPTED
    }

    private final CpuPart part;
    private final int asid;
    private final boolean tellsIdleness;
    private final long tickNanos;
    private Phase phase = Phase.AWAY;
    private long nextTickNanos;

    /**
     * A CPU that has not been in its address space yet.
     *
     * @param policy whose part it is
     * @param part is told
     * @param asid the address space the CPU runs in when it runs
     * @param tickNanos how long a tick is; looked at only if the policy needs ticks
     */
    public CpuActivity(FlushPolicy policy, CpuPart part, int asid, long tickNanos) {
        this.part = part;
        this.asid = asid;
        this.tellsIdleness = policy.hearsOfIdleness();
        this.tickNanos = policy.duties().contains(HostDuty.TICKS) ? tickNanos : 0;
    }

    /** {@return whether the CPU may make accesses: the last that was said of it is {@link #run}} */
    public boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    /** {@return whether the hypervisor has taken the CPU away} */
    public boolean isPreempted() {
        return phase == Phase.PREEMPTED;
    }

    /** The CPU is about to make accesses, or goes on with them. */
    public void run() {
        switch (phase) {
            case RUNNING -> {}
            case PREEMPTED -> part.resumed();
            case AWAY, IDLE -> {
                part.switchBegins(asid);
                part.switchEnds();
            }
        }
        phase = Phase.RUNNING;
    }

    /** The CPU has nothing to do for now. Says nothing to a part that does not want to hear it: the CPU may then run on. */
    public void idle() {
        if (phase == Phase.RUNNING && tellsIdleness) {
            part.idle();
            phase = Phase.IDLE;
        }
    }

    /** The hypervisor takes the CPU away between two of its instructions. Nothing when it was not running. */
    public void preempted() {
        if (phase == Phase.RUNNING) {
            part.preempted();
            phase = Phase.PREEMPTED;
        }
    }

    /** What ran here has ended: as with an exited thread, the CPU leaves the address space's mask. */
    public void leave() {
        if (phase == Phase.PREEMPTED) {
            part.resumed();
        }
        if (phase != Phase.AWAY) {
            part.switchBegins(CpuWords.NONE);
            part.switchEnds();
            phase = Phase.AWAY;
        }
    }

    /** {@return whether the CPU ticks at all, so that its host has to look} */
    public boolean ticks() {
        return tickNanos > 0;
    }

    /**
     * Ticks if the CPU runs and a tick has become due since the last one; those that a CPU missed are one.
     *
     * @param nowNanos on the host's clock
     */
    public void tickIfDue(long nowNanos) {
        if (tickNanos > 0 && phase == Phase.RUNNING && nowNanos >= nextTickNanos) {
            nextTickNanos = Math.floorDiv(nowNanos, tickNanos) * tickNanos + tickNanos;
            part.tick();
        }
    }
}
