package io.faultline.bench.shootdown;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.FlushPolicies;
import io.faultline.shootdown.CallLoop;
import io.faultline.shootdown.MemoryCall;
import io.faultline.shootdown.ShootdownResult;
import io.faultline.shootdown.ShootdownSpec;

/**
 * What came out.
 *
 * @param rows LATR's munmap by number of cores
 * @param loops will-it-scale's tlb_flush2_threads
 */
record MunmapCosts(List<Row> rows, List<Loop> loops) {
    /** LATR's gain on the machine with two sockets, as its abstract has it. */
    static final double PUBLISHED_GAIN = 0.708;
    /** Of which machine and with how many cores. */
    static final String PUBLISHED_PROFILE = "bare-2s16c";
    static final int PUBLISHED_CORES = 16;
    /** Between two calls all threads touch the next page, which is more than a tick can log in 16 us. */
    private static final long BETWEEN_NANOS = 50_000;

    /**
     * munmap of one page that all cores have touched.
     *
     * @param cores how many
     * @param strict as Linux 4.10, LATR's base, does
     * @param concurrent as Linux since 5.13
     * @param latr deferred
     */
    record Row(int cores, ShootdownResult strict, ShootdownResult concurrent, ShootdownResult latr) {
        /** {@return how much less it takes with LATR: negative when more} */
        double gain() {
            return 1 - latr.callNanosMean() / strict.callNanosMean();
        }
    }

    /**
     * A page written, dropped by MADV_DONTNEED and read, by every thread.
     *
     * @param name of the case
     * @param policy by which it flushes
     * @param lruLocked whether the LRU lock is taken in it
     * @param published loops a second of all threads
     * @param result of the model
     */
    record Loop(String name, String policy, boolean lruLocked, double published, ShootdownResult result) {}

    static MunmapCosts run(MunmapPlan plan) {
        List<Row> rows = new ArrayList<>();
        for (int cores : plan.cores()) {
            rows.add(new Row(cores, munmap(plan, "strict", cores), munmap(plan, "concurrent", cores),
                    munmap(plan, "latr", cores)));
        }
        return new MunmapCosts(rows, List.of(
                loop(plan, "interrupts", "concurrent", true, 527e3),
                loop(plan, "interrupts, no LRU lock", "concurrent", false, 731e3),
                loop(plan, "broadcast", "broadcast", true, 527e3),
                loop(plan, "broadcast, no LRU lock", "broadcast", false, 1157e3)));
    }

    private static ShootdownResult munmap(MunmapPlan plan, String policy, int cores) {
        var workload = CallLoop.of(MemoryCall.MUNMAP, 1, plan.calls()).computeNanos(BETWEEN_NANOS);
        return Repeated.run(ShootdownSpec.of(cores, FlushPolicies.parse(policy), plan.profile(), workload)
                .seed(plan.seed()), plan.rounds());
    }

    private static Loop loop(MunmapPlan plan, String name, String policy, boolean lruLocked, double published) {
        var workload = CallLoop.discardLoop(plan.loops(), lruLocked);
        var spec = ShootdownSpec.of(plan.loopCores(), FlushPolicies.parse(policy), plan.loopProfile(), workload)
                .seed(plan.seed());
        return new Loop(name, policy, lruLocked, published, Repeated.run(spec, plan.rounds()));
    }
}
