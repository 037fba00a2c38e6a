package io.faultline.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.explore.Breach;
import io.faultline.explore.Exploration;
import io.faultline.explore.Explorer;
import io.faultline.explore.Finding;
import io.faultline.explore.Performance;
import io.faultline.explore.Variant;
import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.schedule.Schedules;
import io.faultline.time.NanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Plays races under many seeds, shows what breaks, and plays it again. */
@Command(
        name = ExploreCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Plays scripted races under many schedules until an invariant breaks, and shows the shortest run that"
                + " breaks it. A variant stops at its first violation; only one with its fix makes the exit code 1.")
final class ExploreCommand implements FaultlineCommand {
    static final String NAME = "explore";

    @Mixin
    private ExploreOptions options = new ExploreOptions();

    private final List<RaceChoice> races = new ArrayList<>();
    private final List<Exploration> explorations = new ArrayList<>();

    @Override
    public int run(Console console) throws IOException {
        NanoClock clock = NanoClock.monotonic();
        long beganNanos = clock.nanos();
        Schedule schedule = OptionValue.of("--schedule", options.schedule, Schedules.registry()::create);
        if (options.seeds < 1) {
            throw new InvalidInputException("--seeds must be at least 1, not " + options.seeds);
        }
        List<RaceChoice> chosen = RaceChoice.of(options.race, options.variant);
        ReplayFile replay =
                options.replay == null ? null : ReplayFile.read(options.replay, options.race, options.variant);
        JsonTarget json = JsonTarget.of("--json", options.json);
        ExploreText text = new ExploreText(json.summaryStream(console));
        if (replay == null) {
            explore(chosen, schedule, text);
        } else {
            replay(replay, text);
        }
        text.summary(races, explorations);
        boolean held = held();
        json.write(ExploreJson.of(shown(), options.seed, races, explorations, held, clock.nanos() - beganNanos),
                console.out());
        return held ? ExitCode.HELD : ExitCode.BROKEN;
    }

    private void explore(List<RaceChoice> chosen, Schedule schedule, ExploreText text) {
        Explorer explorer = new Explorer(schedule);
        for (RaceChoice race : chosen) {
            Exploration exploration = explorer.explore(race.scenario(), race.variant(), options.seed, options.seeds);
            races.add(race);
            explorations.add(exploration);
            text.explored(race, exploration, options.schedule);
        }
    }

    private void replay(ReplayFile file, ExploreText text) {
        List<Performance> runs = new ArrayList<>();
        for (ReplayFile.Entry entry : file.findings()) {
            RaceChoice race = RaceChoice.one(entry.race(), entry.variant());
            Performance run = Explorer.replay(race.scenario(), race.variant(), entry.choices());
            Breach breach = run.breach();
            Finding finding = breach == null ? null : new Finding(entry.seed(), breach, run, run);
            races.add(race);
            explorations.add(new Exploration(race.name(), race.variant(), 1, finding));
            runs.add(run);
        }
        for (int index = 0; index < runs.size(); index++) {
            text.replayed(races.get(index), file.findings().get(index).seed(), runs.get(index));
        }
    }

    private boolean held() {
        return explorations.stream().noneMatch(one -> one.variant() == Variant.FIXED && one.violating() > 0);
    }

    private Map<String, Object> shown() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("race", options.race);
        shown.put("variant", options.variant);
        if (options.replay == null) {
            shown.put("seeds", options.seeds);
            shown.put("schedule", options.schedule);
        }
        shown.put("seed", options.seed);
        return shown;
    }
}
