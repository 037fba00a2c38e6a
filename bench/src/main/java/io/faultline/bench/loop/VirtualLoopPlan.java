package io.faultline.bench.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.faultline.bench.measure.Entrant;
import io.faultline.lab.JsonTarget;
import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.schedule.Schedules;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;

/**
 * A benchmark whose every option has been read and found right.
 *
 * @param entrants who runs in each round
 * @param rounds how many
 * @param job what both do
 * @param schedule of our loop
 * @param options as they were given
 * @param json where the figures go
 */
record VirtualLoopPlan(Map<LoopContender, Entrant> entrants, int rounds, PassingJob job, Schedule schedule,
        VirtualLoopOptions options, JsonTarget json) {
    /**
     * Reads and checks every option, the one that touches files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static VirtualLoopPlan of(VirtualLoopOptions options) {
        if (options.rounds < 1) {
            throw new InvalidInputException("--rounds must be at least 1, not " + options.rounds);
        }
        PassingJob job = job(options);
        Schedule schedule = parsed("--schedule", options.schedule, Schedules.registry()::create);
        MemorySize heap = parsed("--heap", options.heap, MemorySize::parsePositive);
        parsed("--warm-up", options.warmUp, Durations::parseNanos);
        parsed("--measure", options.measure, Durations::parsePositiveNanos);
        Map<LoopContender, Entrant> entrants = new LinkedHashMap<>();
        for (LoopContender contender : LoopContender.values()) {
            List<String> arguments = new ArrayList<>(contender.arguments(job, schedule));
            arguments.add(options.warmUp);
            arguments.add(options.measure);
            entrants.put(contender, new Entrant(contender.title(), arguments, heap));
        }
        return new VirtualLoopPlan(entrants, options.rounds, job, schedule, options,
                JsonTarget.of("--json", options.json));
    }

    private static PassingJob job(VirtualLoopOptions options) {
        try {
            return new PassingJob(options.entities, options.events);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("--" + e.getMessage(), e);
        }
    }

    private static <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(option + ": " + e.getMessage(), e);
        }
    }
}
