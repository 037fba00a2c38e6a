package io.faultline.flush;

import java.util.Set;

import io.faultline.units.Durations;

/**
 * The fewest interrupts that could do: what other policies are measured against, and no policy that a machine could have.
 * It knows which CPU holds which translation (the TLBs tell it), and, from a first run of the same seed, which pages are
 * to change.
 *
 * <p>A CPU owes the drop of each stale translation it holds, from the change until {@code stalenessNanos} later, or at once
 * where a change is not unmapping and not a move into the application's range. It pays, to all initiators, whenever it is
 * in the kernel anyway: in an interrupt, at a switch or wake-up, when it flushes for a change of its own. It is interrupted
 * only when a debt is due, it still holds the translation, and it could use it (it neither idles, is preempted, nor runs
 * another address space). Per CPU the intervals between change and due time are thus pierced by the fewest interrupts: the
 * first interrupt of any schedule comes no later than the first due time, and one at that time pays at least as much. That
 * needs no knowledge of the future. What does: in the second run a CPU that is in the kernel also drops translations that
 * are still good, of pages that will change again. So it holds none when they do, if it has not used them since.
 *
 * <p>It counts interrupts, and nothing else: it waits as long as it may, and walks page tables again for what it dropped
 * too soon. The bound is one for the requests as they come in the second run: callers that do not wait call sooner than they
 * would under another policy. Which of the two runs' changes is which goes by page and count, not by time.
 *
 * @param stalenessNanos how long a flush may be put off; 0 for never. What it takes itself comes on top
 * @param dropsAhead whether what will change is dropped before it does; without, it is all one can do by knowing who holds
 *     what
 * @param sweepsAtTicks whether the CPUs also pay at their ticks, as in {@link LatrPolicy}
 * @param ceilingPages the most pages to invalidate one by one
 */
public record ClairvoyantPolicy(long stalenessNanos, boolean dropsAhead, boolean sweepsAtTicks, int ceilingPages)
        implements
        RehearsedPolicy {
    /** A tick's. */
    public static final long DEFAULT_STALENESS_NANOS = 1_000_000;

    /** Checks the numbers. */
    public ClairvoyantPolicy {
        if (stalenessNanos < 0) {
            throw new IllegalArgumentException("a staleness of " + stalenessNanos + " ns; 0 means none");
        }
        StrictPolicy.checkCeiling(ceilingPages);
    }

    @Override
    public String name() {
        return "clairvoyant";
    }

    @Override
    public FlushContract contract() {
        return stalenessNanos == 0
                ? FlushContract.STRICT
                : new FlushContract(Set.of(ChangeKind.UNMAP, ChangeKind.MOVE), Set.of(Direction.INTO_APP),
                        new FlushContract.Staleness.Within(stalenessNanos),
                        Set.of(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE));
    }

    @Override
    public Set<HostDuty> duties() {
        return sweepsAtTicks ? Set.of(HostDuty.TLBS, HostDuty.TICKS) : Set.of(HostDuty.TLBS);
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return false;
    }

    @Override
    public Rehearsal rehearse() {
        var notes = new PageChanges();
        return new Rehearsal() {
            @Override
            public FlushPolicy first() {
                return new ClairvoyantPass(ClairvoyantPolicy.this, new PageChanges(), notes);
            }

            @Override
            public FlushPolicy second() {
                return new ClairvoyantPass(ClairvoyantPolicy.this, dropsAhead ? notes : new PageChanges(),
                        new PageChanges());
            }
        };
    }

    @Override
    public String toString() {
        return "clairvoyant within " + Durations.format(stalenessNanos)
                + (dropsAhead ? "" : ", dropping nothing ahead") + (sweepsAtTicks ? ", sweeping at ticks" : "");
    }
}
