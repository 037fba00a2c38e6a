package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushPolicies;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R6, Linux 6cd88243c7e0 ("KVM: x86: do not report a vCPU as preempted outside instruction boundaries"): the hypervisor
 * emulates an access of a vCPU, has translated the address, and is scheduled out. Another vCPU finds it preempted, leaves it
 * a flag instead of an interrupt, and frees the page; the access is then completed with the old translation, before the flag
 * is looked at.
 *
 * <p>Breaks O1: the flush was reported done to the vCPU that asked. If the frame has been given away by then, it breaks O2
 * in the same instant, of which the first is named.
 */
final class PreemptedMidInstruction implements Scenario {
    @Override
    public String name() {
        return "r6-preempted-mid-instruction";
    }

    @Override
    public String description() {
        return "R6: a vCPU preempted between translating and accessing is not interrupted, and accesses a freed page";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Race race = new Race(stage, FlushPolicies.parse("paravirt"));
        RaceSpace guest = race.space("guest mm");
        RaceThread unmapper = race.thread("vCPU, munmap", guest);
        RaceThread accessing = race.thread("vCPU, emulated", guest);
        guest.anonymous(0, 1).cachedBy(accessing, 0, true);

        RaceGather unmapped = guest.gather(ChangeKind.UNMAP);
        unmapper.does(
                RaceStep.of("enter munmap"),
                RaceStep.of("mmap_write_lock"),
                RaceStep.of("split the VMA"),
                unmapped.zap(0),
                unmapped.flush(),
                unmapped.free(),
                race.allocate("another process"));
        accessing.does(guest.slowAccess(0, true));
        race.outsider("host")
                .does(
                        RaceStep.of("run"),
                        RaceStep.of("scheduler tick"),
                        accessing.cpu().scheduleOut(variant == Variant.BROKEN),
                        RaceStep.of("run something else"),
                        accessing.cpu().scheduleIn());
    }
}
