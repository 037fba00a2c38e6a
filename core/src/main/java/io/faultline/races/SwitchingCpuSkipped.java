package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
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
 * R5, CVE-2025-37964, Linux fea4e317f9e7 ("x86/mm: Eliminate window where TLB flushes may be inadvertently skipped"): a CPU
 * that switches back to an address space has set its mask bit, read the generation and loaded the page table, but not yet
 * published that. An unmap advances the generation, and its filter takes the CPU for one that runs something else.
 *
 * <p>Breaks O1: the unmap completes without the CPU, which then reads through an entry that this covered. It has missed its
 * generation too, and makes up for it at its next flush, so that in the end every obligation would be met (O7).
 */
final class SwitchingCpuSkipped implements Scenario {
    @Override
    public String name() {
        return "r5-switching-cpu-skipped";
    }

    @Override
    public String description() {
        return "R5, CVE-2025-37964: a flush skips a CPU that has loaded the page table and not published it yet";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy lazy = FlushPolicies.parse("lazy");
        Race race = new Race(stage, variant == Variant.FIXED ? lazy : new PublishingLate(lazy));
        RaceSpace mm = race.space("mm");
        RaceSpace other = race.space("another mm");
        RaceThread unmapper = race.thread("munmap", mm);
        RaceThread switching = race.thread("process", mm);
        mm.anonymous(0, 1).cachedBy(switching, 0, false);

        RaceGather unmapped = mm.gather(ChangeKind.UNMAP);
        unmapper.does(unmapped.zap(0), unmapped.flush(), unmapped.free());
        switching.does(
                switching.cpu().switchTo(other),
                RaceStep.of("run another process"),
                switching.cpu().switchTo(mm),
                mm.read(0));
    }

    /** The bug: until the switch is over everybody sees what was loaded before. */
    private static final class PublishingLate extends ForwardingPolicy {
        PublishingLate(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                @Override
                public void switchBegins(int asid) {
                    int previous = domain.words().loaded(cpu);
                    super.switchBegins(asid);
                    domain.words().loaded(cpu, previous);
                }
            };
        }
    }
}
