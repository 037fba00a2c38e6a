package io.faultline.schedule;

import java.util.List;

import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/** The schedules that can be chosen by name. */
public final class Schedules {
    private static final int DEFAULT_DEPTH = 3;
    private static final int DEPTH_MAX = 1000;

    private static final Registry<Schedule> REGISTRY = new Registry<>("schedule", List.of(
            Registration.plain("random", "a seeded pick among all that is ready (the default)", Schedule.random()),
            Registration.plain("fifo", "first come, first served", Schedule.fifo()),
            new Registration<>("pct",
                    "random priorities that change depth - 1 times within the first steps: pct:depth=D,steps=N",
                    List.of("depth", "steps"),
                    p -> Schedule.pct(p.getInt("depth", DEFAULT_DEPTH, 1, DEPTH_MAX),
                            p.getLong("steps", Schedule.DEFAULT_PCT_STEPS, 1, Long.MAX_VALUE)))));

    private Schedules() {}

    /** Returns every schedule that can be chosen by name. */
    public static Registry<Schedule> registry() {
        return REGISTRY;
    }
}
