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
 * R2, Linux 3ea277194daa ("mm, mprotect: flush TLB if potentially racing with a parallel reclaim leaving stale TLB
 * entries"): reclaim takes an entry out and leaves its flush to the end of its batch. mprotect finds nothing present, skips
 * the flush and returns, and the process writes on to what it has just made read-only.
 *
 * <p>Breaks O1: when mprotect returns, its caller may take it that nobody writes any more, and an access goes through an
 * entry that this promise covered. The frame is no matter: reclaim frees it after its own flush, so O2 holds.
 */
final class MprotectAgainstReclaim implements Scenario {
    @Override
    public String name() {
        return "r2-mprotect-against-reclaim";
    }

    @Override
    public String description() {
        return "R2: mprotect finds a page that reclaim has unmapped and not flushed, skips the flush, and it is still written";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy batches = FlushPolicies.parse("reclaim-batch");
        Race race = new Race(stage, variant == Variant.FIXED ? batches : new SkippingFlushOfNothing(batches));
        RaceSpace mm = race.space("mm");
        RaceThread reclaim = race.thread("kswapd");
        RaceThread app = race.thread("process", mm);
        mm.anonymous(0, 2).cachedBy(app, 0, true);

        RaceGather first = mm.gather(ChangeKind.UNMAP);
        RaceGather second = mm.gather(ChangeKind.UNMAP);
        reclaim.does(
                RaceStep.of("shrink_folio_list"),
                first.zap(0),
                first.send(),
                second.zap(1),
                second.send(),
                second.finish(),
                first.free(),
                second.free());

        RaceGather protection = mm.gather(ChangeKind.PROTECT).synchronous();
        app.does(protection.mprotectReadOnly(0, 1), protection.flush(), mm.write(0));
    }
}
