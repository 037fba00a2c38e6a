package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R3, Linux 99baac21e458 ("mm: fix MADV_[FREE|DONTNEED] TLB flush miss problem"): two threads drop the same range at once.
 * The one that comes second finds nothing, skips the flush and returns, while the first still gathers; and goes on reading
 * what it has dropped.
 *
 * <p>Breaks O1: madvise has returned to a thread that then reaches the old page through an entry that this covered. The
 * frame is freed after the first thread's flush, so O2 holds.
 */
final class ZapAgainstZap implements Scenario {
    @Override
    public String name() {
        return "r3-zap-against-zap";
    }

    @Override
    public String description() {
        return "R3: MADV_DONTNEED finds what another has zapped and not flushed yet, skips the flush, and still reads it";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy gathering = FlushPolicies.parse("per-call");
        Race race = new Race(stage, variant == Variant.FIXED ? gathering : new SkippingFlushOfNothing(gathering));
        RaceSpace mm = race.space("mm");
        RaceThread first = race.thread("MADV_DONTNEED", mm);
        RaceThread second = race.thread("MADV_DONTNEED", mm);
        mm.anonymous(0, 1).cachedBy(second, 0, true);

        RaceGather one = mm.gather(ChangeKind.UNMAP);
        first.does(RaceStep.of("tlb_gather_mmu"), one.zap(0), one.flush(), one.free());
        RaceGather other = mm.gather(ChangeKind.UNMAP);
        second.does(other.zap(0), other.flush(), mm.read(0), other.free());
    }
}
