package io.faultline.lab;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

import io.faultline.lab.sweep.PlanFile;
import io.faultline.lab.sweep.PlanKey;
import io.faultline.lab.sweep.Setting;
import io.faultline.lab.sweep.SweepMatrix;
import io.faultline.lab.sweep.SweepPlan;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * A sweep with every option read and found right.
 *
 * @param matrix what is run
 * @param file where it was written down, if it was
 * @param parallel how many runs at once
 * @param csv where the rows go; nowhere, or a file
 * @param json where all goes
 */
record FlushLabPlan(SweepMatrix matrix, @Nullable PlanFile file, int parallel, JsonTarget csv, JsonTarget json) {
    private static final int PARALLEL_MOST = 1024;

    /**
     * Reads and checks every option, those that touch files last.
     *
     * @throws InvalidInputException naming the first that is wrong
     */
    static FlushLabPlan of(FlushLabOptions options) {
        if (options.html != null) {
            throw new InvalidInputException("the option --html is not available yet");
        }
        int parallel = options.parallel == null ? Runtime.getRuntime().availableProcessors() : options.parallel;
        if (parallel < 1 || parallel > PARALLEL_MOST) {
            throw new InvalidInputException("--parallel must be from 1 to " + PARALLEL_MOST + ", not " + parallel);
        }
        PlanFile file = options.plan == null ? null : PlanFile.read("--plan", options.plan);
        Map<PlanKey, Setting> settings = new EnumMap<>(PlanKey.class);
        if (file != null) {
            settings.putAll(file.settings());
        }
        settings.putAll(options.settings());
        SweepMatrix matrix = SweepMatrix.of(SweepPlan.of(settings));
        if ("-".equals(options.csv)) {
            throw new InvalidInputException("--csv must be a file; standard output is for --json -");
        }
        JsonTarget csv = JsonTarget.of("--csv", options.csv);
        JsonTarget json = JsonTarget.of("--json", options.json);
        if (csv.file() != null && csv.file().equals(json.file())) {
            throw new InvalidInputException("--csv and --json name the same file");
        }
        return new FlushLabPlan(matrix, file, parallel, csv, json);
    }

    /** Where the journal is: beside the first file that is written, or nowhere when none is. */
    @Nullable
    Path journal() {
        OutputFile first = csv.file() != null ? csv.file() : json.file();
        return first == null || first.device() ? null
                : first.path().resolveSibling(first.path().getFileName() + ".journal");
    }
}
