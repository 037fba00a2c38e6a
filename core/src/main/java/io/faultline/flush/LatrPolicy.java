package io.faultline.flush;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * P11, LATR: an unmap is flushed on its own CPU, logged and complete at once; every CPU sweeps all logs at its tick and when
 * it switches. Frames and ranges are released when all have swept. What finds its log full is flushed by interrupts, and so
 * is everything but unmaps.
 *
 * <p>A CPU that idles has switched to lazy mode and does not tick; it leaves the address space until it comes back.
 *
 * <p>Source: Kumar et al., "LATR: Lazy Translation Coherence", ASPLOS 2018; its published artifact keeps 256 records per CPU.
 *
 * @param records how many unmaps each initiator's log has room for
 * @param ceilingPages the most pages to invalidate one by one
 */
public record LatrPolicy(int records, int ceilingPages) implements FlushPolicy {
    /** The paper's log. */
    public static final int DEFAULT_RECORDS = 64;

    private static final FlushContract CONTRACT = new FlushContract(Set.of(ChangeKind.UNMAP), Set.of(),
            new FlushContract.Staleness.Ticks(1), Set.of());

    /** Checks the numbers. */
    public LatrPolicy {
        if (records < 1) {
            throw new IllegalArgumentException("a log of " + records + " records; at least 1 is needed");
        }
        StrictPolicy.checkCeiling(ceilingPages);
    }

    @Override
    public String name() {
        return "latr";
    }

    @Override
    public FlushContract contract() {
        return CONTRACT;
    }

    @Override
    public Set<HostDuty> duties() {
        return EnumSet.of(HostDuty.TICKS);
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new LatrInitiator(id, domain, port, this);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new SweepingCpuPart(cpu, domain, port);
    }

    private static final class SweepingCpuPart extends GenerationCpuPart {
        private static final int BASE_SHIFT = 12;

        /** Per log, in the order of {@link FlushDomain#initiatorLogs}, the position to sweep next. */
        private long[] sweptTo = {};

        SweepingCpuPart(int cpu, FlushDomain domain, CpuPort port) {
            super(cpu, domain, port);
        }

        @Override
        public void tick() {
            sweep();
        }

        @Override
        public void switchBegins(int asid) {
            super.switchBegins(asid);
            sweep();
        }

        /**
         * A CPU that idles does not tick, so it must not be waited for: it gives its tables back, as {@code leave_mm} does,
         * and compares generations when it returns.
         */
        @Override
        public void idle() {
            switchBegins(CpuWords.NONE);
            switchEnds();
        }

        private void sweep() {
            var logs = domain().initiatorLogs();
            if (sweptTo.length < logs.size()) {
                sweptTo = Arrays.copyOf(sweptTo, logs.size());
            }
            for (int i = 0; i < sweptTo.length; i++) {
                sweptTo[i] = sweep(logs.get(i), sweptTo[i]);
            }
        }

        private long sweep(FlushLog log, long from) {
            long tail = log.tail();
            for (long position = Math.max(log.head(), from); position < tail; position++) {
                int asid = log.asid(position);
                long generation = log.generation(position);
                long start = log.start(position);
                long end = log.end(position);
                long ticket = log.ticket(position);
                // One that was overwritten while it was read has been trimmed, and so did not wait for this CPU.
                if (log.holds(position)) {
                    apply(asid, generation, start, end, BASE_SHIFT);
                    port().acknowledge(log.owner(), ticket);
                }
            }
            return tail;
        }
    }
}
