package io.faultline.lab.sweep;

import java.util.EnumMap;
import java.util.Map;

/** Sweeps that take no time. */
final class SmallSweep {
    private SmallSweep() {}

    static SweepMatrix matrix(String policies, int seeds) {
        return SweepMatrix.of(plan(Map.of(PlanKey.POLICIES, policies, PlanKey.SEEDS, Integer.toString(seeds))));
    }

    static SweepPlan plan(Map<PlanKey, String> changed) {
        Map<PlanKey, Setting> settings = new EnumMap<>(PlanKey.class);
        settings.put(PlanKey.WORKLOAD, new Setting("here", "munmap-storm:calls=5,post-copy:calls=5"));
        settings.put(PlanKey.VCPUS, new Setting("here", "2,3"));
        changed.forEach((key, text) -> settings.put(key, new Setting("here", text)));
        return SweepPlan.of(settings);
    }
}
