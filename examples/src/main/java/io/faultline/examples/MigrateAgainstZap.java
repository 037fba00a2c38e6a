package io.faultline.examples;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushPolicies;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceLock;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * A race written down from a kernel commit: Linux 60bae7370896 ("mm/migrate_device.c: flush TLB while holding PTL"). A page
 * that is to move to a device leaves the page table, and its flush comes after the page-table lock was given back. An
 * madvise in between finds nothing and returns, and the page is still read.
 */
// snippet: race
public final class MigrateAgainstZap implements Scenario {
    @Override
    public String name() {
        return "migrate-against-zap";
    }

    @Override
    public String description() {
        return "60bae7370896: madvise returns while a migration's flush is to come, and the page is still read";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Race race = new Race(stage, FlushPolicies.strict());
        RaceSpace mm = race.space("mm");
        RaceLock ptl = race.lock("ptl");
        RaceThread migrating = race.thread("migrate_vma", mm);
        RaceThread dropping = race.thread("MADV_DONTNEED", mm);
        mm.anonymous(0, 1).cachedBy(dropping, 0, false);

        RaceGather collected = mm.gather(ChangeKind.UNMAP).unannounced();
        migrating.does(RaceStep.of("migrate_vma_collect_pmd"), ptl.lock(), collected.zap(0));
        switch (variant) {
            case BROKEN -> migrating.does(ptl.unlock(), collected.flush());
            case FIXED -> migrating.does(collected.flush(), ptl.unlock());
        }

        RaceGather dropped = mm.gather(ChangeKind.UNMAP);
        dropping.does(ptl.lock(), dropped.zap(0), ptl.unlock(), dropped.flush(), mm.read(0));
    }
}
// end snippet
