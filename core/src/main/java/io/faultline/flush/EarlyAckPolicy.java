package io.faultline.flush;

/**
 * P13: a CPU acknowledges when the interrupt's handler is entered and flushes afterwards, before it returns to the guest;
 * the initiator waits less. Never when page tables are freed: the CPU may still walk them while it is in the handler.
 *
 * <p>Source: Amit, Tai and Wei, "Don't shoot down TLB shootdowns!", EuroSys 2020.
 *
 * @param flusher does the flushing
 */
public record EarlyAckPolicy(FlushPolicy flusher) implements LayeredPolicy {
    @Override
    public EarlyAckPolicy over(FlushPolicy policy) {
        return new EarlyAckPolicy(policy);
    }

    @Override
    public String name() {
        return "early-ack";
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        var once = new OncePort(port);
        return new ForwardingCpuPart(flusher.cpuPart(cpu, domain, once)) {
            @Override
            public void ipiEntered(FlushCommand command) {
                super.ipiEntered(command);
                if (!command.tablesFreed()) {
                    once.acknowledgeEarly(command);
                }
            }

            @Override
            public void ipi(FlushCommand command) {
                super.ipi(command);
                once.handled();
            }
        };
    }

    /** Swallows the acknowledgement of what was acknowledged at the entry. */
    private static final class OncePort extends ForwardingCpuPort {
        private boolean early;
        private int initiator;
        private long ticket;

        OncePort(CpuPort next) {
            super(next);
        }

        void acknowledgeEarly(FlushCommand command) {
            early = true;
            initiator = command.initiator();
            ticket = command.ticket();
            super.acknowledge(initiator, ticket);
        }

        void handled() {
            early = false;
        }

        @Override
        public void acknowledge(int to, long of) {
            if (!early || to != initiator || of != ticket) {
                super.acknowledge(to, of);
            }
        }
    }
}
