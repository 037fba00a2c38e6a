package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.ForwardingCpuPart;
import io.faultline.flush.ForwardingPolicy;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R8: a CPU acknowledges a flush when it enters the interrupt's handler, and flushes afterwards (Amit, Tai and Wei, "Don't
 * shoot down TLB shootdowns!", EuroSys 2020, section 3.2). That is safe as long as the handler touches no memory of the
 * process, but not when page tables are freed: the CPU's paging-structure caches still lead to the freed table, and it walks
 * speculatively, in the handler too.
 *
 * <p>Breaks O5: a page-table page goes back to the allocator while a CPU that walked through it has not flushed.
 */
final class EarlyAckOfFreedTables implements Scenario {
    @Override
    public String name() {
        return "r8-early-ack-of-freed-tables";
    }

    @Override
    public String description() {
        return "R8: a CPU acknowledges before it flushes, and the page table it may still walk through is freed";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy earlyAck = FlushPolicies.parse("early-ack");
        Race race = new Race(stage, variant == Variant.FIXED ? earlyAck : new AckingEverythingEarly(earlyAck));
        RaceSpace mm = race.space("mm");
        RaceThread unmapper = race.thread("munmap", mm);
        RaceThread walking = race.thread("process", mm);
        mm.anonymous(0, 2).cachedBy(walking, 0, false);

        RaceGather unmapped = mm.gather(ChangeKind.UNMAP);
        unmapper.does(RaceStep.of("enter munmap"), unmapped.unhookTable(0), unmapped.flush(), unmapped.free());
        walking.does(mm.read(0), mm.walk(1), mm.walk(1));
    }

    /** The bug: no exception for freed tables. */
    private static final class AckingEverythingEarly extends ForwardingPolicy {
        AckingEverythingEarly(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                @Override
                public void ipiEntered(FlushCommand command) {
                    super.ipiEntered(command);
                    if (command.tablesFreed()) {
                        port.acknowledge(command.initiator(), command.ticket());
                    }
                }
            };
        }
    }
}
