package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushPolicies;
import io.faultline.race.Race;
import io.faultline.race.RaceFile;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceLock;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R1, CVE-2018-18281, Linux eb66ae030829 ("mremap: properly flush TLB before releasing the page"): mremap moves an entry and
 * drops the new page-table lock with the flush still to come. A truncation finds the page at the new address, flushes that
 * one, and frees the page, which others use while the old address is still cached.
 *
 * <p>Breaks O2: a frame is reallocated while a TLB entry leads to it. Both flushes do what they say, so no flush that was
 * reported done is untrue (O1); the frame was freed under the lock of an address whose flush did not cover the other.
 */
final class MremapAgainstTruncate implements Scenario {
    private static final int OLD = 0;
    private static final int NEW = 8;

    @Override
    public String name() {
        return "r1-mremap-against-truncate";
    }

    @Override
    public String description() {
        return "R1, CVE-2018-18281: mremap drops the page-table lock before it flushes, and a truncation frees the page";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Race race = new Race(stage, FlushPolicies.strict());
        RaceSpace mm = race.space("mm");
        RaceFile file = race.file("file", 2);
        RaceLock ptl = race.lock("new ptl");
        RaceThread mover = race.thread("mremap", mm);
        RaceThread truncater = race.thread("ftruncate", mm);
        RaceThread reader = race.thread("reader", mm);
        mm.file(file, OLD).reserve(file, NEW).cachedBy(reader, OLD, false);

        RaceGather moved = mm.gather(ChangeKind.UNMAP);
        RaceGather movedNext = mm.gather(ChangeKind.UNMAP);
        switch (variant) {
            case BROKEN -> mover.does(
                    ptl.lock(),
                    moved.moveEntry(OLD, NEW),
                    ptl.unlock(),
                    ptl.lock(),
                    moved.moveEntry(OLD + 1, NEW + 1),
                    ptl.unlock(),
                    moved.flush());
            case FIXED -> mover.does(
                    ptl.lock(),
                    moved.moveEntry(OLD, NEW),
                    moved.flush(),
                    ptl.unlock(),
                    ptl.lock(),
                    movedNext.moveEntry(OLD + 1, NEW + 1),
                    movedNext.flush(),
                    ptl.unlock());
        }

        RaceGather truncated = mm.gather(ChangeKind.UNMAP);
        truncater.does(
                RaceStep.of("enter ftruncate"),
                ptl.lock(),
                file.truncate(truncated, 0),
                ptl.unlock(),
                truncated.flush(),
                truncated.free(),
                race.allocate("another process"));
        reader.does(RaceStep.of("user code"), mm.read(OLD), mm.read(OLD));
    }
}
