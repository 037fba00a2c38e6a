package io.faultline.races;

import java.util.Set;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.ForwardingCpuPart;
import io.faultline.flush.HostDuty;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/**
 * R7: generation 2 asks for a full flush, generation 3 for a range, and the interrupt of 3 is handled first. A CPU that
 * invalidates the range and calls itself up to date never does the full flush (flush_tlb_func in arch/x86/mm/tlb.c).
 */
final class GenerationReorder implements Scenario {
    private static final long PAGES = 40;

    @Override
    public String name() {
        return "generation-reorder";
    }

    @Override
    public String description() {
        return "R7: a range flush overtakes a full one, and claims its generation";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy strict = FlushPolicies.strict();
        RaceCpus cpus = new RaceCpus(stage, variant == Variant.FIXED ? strict : new Overclaiming(strict), 1);
        cpus.cpu(0).cached(1);
        cpus.cpu(0).cached(PAGES + 1);
        cpus.flusher("unmapper 0").unmap(0, PAGES);
        cpus.flusher("unmapper 1").unmap(PAGES + 1, PAGES + 2);
    }

    /** The bug: it looks at its own command only, not at what lies between. */
    private record Overclaiming(FlushPolicy strict) implements FlushPolicy {
        @Override
        public String name() {
            return "strict, overclaiming";
        }

        @Override
        public FlushContract contract() {
            return strict.contract();
        }

        @Override
        public Set<HostDuty> duties() {
            return strict.duties();
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return strict.initiator(id, domain, port);
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return new ForwardingCpuPart(strict.cpuPart(cpu, domain, port)) {
                private long flushedTo;

                @Override
                public void ipi(FlushCommand command) {
                    if (command.generation() > flushedTo) {
                        if (command.isFull()) {
                            port.flushSpace(command.asid());
                        } else {
                            port.invalidate(command.asid(), command.start(), command.end(), command.strideShift());
                        }
                        flushedTo = command.generation();
                    }
                    port.acknowledge(command.initiator(), command.ticket());
                }

                @Override
                public long localGeneration(int asid) {
                    return Math.max(flushedTo, super.localGeneration(asid));
                }
            };
        }
    }
}
