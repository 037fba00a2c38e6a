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
import io.faultline.race.RaceThread;

/**
 * R7: generation 2 asks for a full flush, generation 3 for a range, and the interrupt of 3 is handled first. A CPU that
 * invalidates the range and calls itself up to date never does the full flush (flush_tlb_func in arch/x86/mm/tlb.c).
 *
 * <p>Breaks O6: the CPU's generation is advanced past a range that it has not applied.
 */
final class GenerationReorder implements Scenario {
    /** More than the ceiling of 33, so that everything is flushed. */
    private static final int MANY = 40;

    @Override
    public String name() {
        return "r7-generation-reorder";
    }

    @Override
    public String description() {
        return "R7: a range flush overtakes a full one, and claims its generation";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy strict = FlushPolicies.strict();
        Race race = new Race(stage, variant == Variant.FIXED ? strict : new Overclaiming(strict));
        RaceSpace mm = race.space("mm");
        RaceThread reader = race.thread("reader", mm);
        mm.anonymous(0, MANY + 1).cachedBy(reader, 0, true).cachedBy(reader, MANY, true);

        unmap(race, mm, "munmap, 40 pages", 0, MANY);
        unmap(race, mm, "munmap, 1 page", MANY, 1);
        reader.does(mm.read(0));
    }

    private static void unmap(Race race, RaceSpace mm, String name, int first, int count) {
        RaceGather unmapped = mm.gather(ChangeKind.UNMAP);
        race.outsider(name).does(unmapped.zap(first, count), unmapped.flush(), unmapped.free());
    }

    /** The bug: it looks at its own command only, not at what lies between. */
    private static final class Overclaiming extends ForwardingPolicy {
        Overclaiming(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
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
