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
 * R3 with MADV_FREE, Linux 99baac21e458: two threads declare the same page free at once. The second finds the dirty bit
 * already cleared, takes it that there is nothing to flush, and returns. Its next write goes through an entry that was filled
 * while the bit was set, so no bit is set for it; reclaim finds a clean page and drops it, and the write with it.
 *
 * <p>Breaks O8: a write that came after madvise had returned is lost, because no dirty bit tells of it. No flush was
 * asked for, so none was reported done that was not (O1).
 */
final class DirtyBitAgainstMadvFree implements Scenario {
    @Override
    public String name() {
        return "r3-madv-free-against-madv-free";
    }

    @Override
    public String description() {
        return "R3: MADV_FREE finds the dirty bit cleared and skips the flush; a later write sets none and is dropped";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Race race = new Race(stage, FlushPolicies.strict());
        RaceSpace mm = race.space("mm");
        RaceThread first = race.thread("MADV_FREE", mm);
        RaceThread second = race.thread("MADV_FREE", mm);
        RaceThread reclaim = race.thread("kswapd");
        mm.anonymous(0, 1).cachedBy(second, 0, true);

        RaceGather one = mm.gather(ChangeKind.PROTECT);
        first.does(RaceStep.of("tlb_gather_mmu"), one.clearDirty(0), one.flush());

        RaceGather other = mm.gather(ChangeKind.PROTECT);
        RaceStep flushForNothing = variant == Variant.FIXED ? other.flush() : other.forget();
        second.does(
                RaceStep.look("pte_dirty page 0?", () -> mm.isDirty(0),
                        RaceStep.all(other.clearDirty(0), other.flush()),
                        RaceStep.all(other.clearDirty(0), flushForNothing)),
                mm.write(0));

        RaceGather reclaimed = mm.gather(ChangeKind.UNMAP);
        reclaim.does(
                RaceStep.of("isolate the page"),
                RaceStep.of("lock the page"),
                reclaimed.zap(0),
                reclaimed.flush(),
                reclaimed.dropUnlessDirty(0),
                reclaimed.free());
    }
}
