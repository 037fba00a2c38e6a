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
 * R4, Linux 6ce64428d620 ("mm/userfaultfd: fix memory corruption due to writeprotect"): userfaultfd_writeprotect takes the
 * write bit away and defers its flush, holding {@code mmap_lock} for reading only. A write fault of another thread copies
 * the page meanwhile, and a third writes to the old one through the entry it still caches: the copy lacks that write. The
 * fix flushes before the copy when a flush is pending ({@code mm_tlb_flush_pending} in do_wp_page).
 *
 * <p>Breaks O4: a page is copied while a writable stale entry exists. What is lost is a write, but not its dirty bit (O8):
 * the page that it went to is not dropped as clean, it is no longer anybody's.
 */
abstract class WriteProtectAgainstCopy implements Scenario {
    @Override
    public final void play(Stage stage, Variant variant) {
        Race race = new Race(stage, FlushPolicies.strict());
        RaceSpace mm = race.space("mm");
        protect(race, mm);
        RaceThread faulting = race.thread("write fault", mm);
        RaceThread writer = race.thread("writer", mm);
        mm.anonymous(0, 1).pin(0).cachedBy(writer, 0, true);

        RaceGather barrier = mm.gather(ChangeKind.BARRIER).synchronous();
        RaceGather copied = mm.gather(ChangeKind.REMAP);
        RaceStep pendingFlush = variant == Variant.FIXED
                ? RaceStep.all(barrier.about(0), barrier.flush())
                : RaceStep.none();
        faulting.does(
                RaceStep.of("enter the fault handler"),
                RaceStep.look("do_wp_page? read-only, no uffd_wp", () -> mm.isReadOnly(0) && !mm.isWriteProtected(0),
                        RaceStep.all(
                                pendingFlush,
                                copied.copy(0),
                                copied.zap(0),
                                copied.flush(),
                                copied.setCopy(0),
                                copied.free()),
                        RaceStep.of("retry")));
        writer.does(RaceStep.of("user code"), mm.write(0));
    }

    /** Adds the threads that take the write bit away. */
    abstract void protect(Race race, RaceSpace mm);

    /** Unprotecting by itself took the write bit from an entry that was never protected. */
    static final class ByUnprotecting extends WriteProtectAgainstCopy {
        @Override
        public String name() {
            return "r4-uffd-wp-against-cow";
        }

        @Override
        public String description() {
            return "R4: a page is copied on write while the flush of its write protection is pending, and written meanwhile";
        }

        @Override
        void protect(Race race, RaceSpace mm) {
            RaceGather unprotected = mm.gather(ChangeKind.PROTECT);
            race.thread("UFFDIO_WRITEPROTECT", mm)
                    .does(
                            RaceStep.of("mmap_read_lock"),
                            RaceStep.of("change_protection"),
                            unprotected.clearWrite(0),
                            unprotected.flush());
        }
    }

    /** One thread protects, a second unprotects, both flushes pending; the third copies, the fourth writes. */
    static final class FourCpus extends WriteProtectAgainstCopy {
        @Override
        public String name() {
            return "r4-uffd-wp-on-four-cpus";
        }

        @Override
        public String description() {
            return "R4: protected and unprotected, both flushes pending, a page is copied on write and written meanwhile";
        }

        @Override
        void protect(Race race, RaceSpace mm) {
            RaceGather wp = mm.gather(ChangeKind.PROTECT);
            race.thread("protect", mm)
                    .does(RaceStep.of("mmap_read_lock"), RaceStep.of("change_protection"), wp.writeProtect(0),
                            wp.flush());
            RaceGather unprotected = mm.gather(ChangeKind.RELAX);
            race.thread("unprotect", mm)
                    .does(RaceStep.until("uffd_wp set", () -> mm.isWriteProtected(0)), unprotected.unprotect(0),
                            unprotected.flush());
        }
    }
}
