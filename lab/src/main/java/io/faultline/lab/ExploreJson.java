package io.faultline.lab;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.explore.Exploration;
import io.faultline.explore.Finding;
import io.faultline.explore.Performance;
import io.faultline.explore.SwimLanes;

/** What {@code explore} found, as JSON, which {@code --replay} reads. */
final class ExploreJson {
    /** Fields that a replay needs. */
    static final String RACES = "races";

    static final String RACE = "race";
    static final String VARIANT = "variant";
    static final String FIRST_SEED = "firstSeed";
    static final String SHORTEST = "shortest";
    static final String CHOICES = "choices";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ExploreJson() {}

    /**
     * Writes the report.
     *
     * @param options in the order to be written, without paths
     * @param seed the first
     * @param races what was explored
     * @param explorations what came of each
     * @param held whether nothing broke that must not
     * @param wallNanos how long it took
     * @return with a line break at its end
     */
    static String of(Map<String, ?> options, long seed, List<RaceChoice> races, List<Exploration> explorations,
            boolean held,
            long wallNanos) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", ExploreCommand.NAME);
        json.set("options", MAPPER.valueToTree(options));
        json.put("seed", seed);
        json.put("wallNanos", wallNanos);
        ArrayNode rows = json.putArray(RACES);
        for (int index = 0; index < races.size(); index++) {
            rows.add(row(races.get(index), explorations.get(index)));
        }
        json.put("invariantsHeld", held);
        return JsonText.of(json);
    }

    private static ObjectNode row(RaceChoice race, Exploration exploration) {
        ObjectNode row = MAPPER.createObjectNode();
        row.put(RACE, race.name());
        row.put(VARIANT, race.variant().toString());
        row.put("seeds", exploration.seeds());
        row.put("violating", exploration.violating());
        Finding finding = exploration.finding();
        if (finding == null) {
            row.putNull(FIRST_SEED);
            row.putNull("invariant");
            return row;
        }
        row.put(FIRST_SEED, finding.seed());
        row.put("invariant", finding.breach().invariant());
        row.put("what", finding.breach().what());
        row.set("found", run(finding.found()));
        ObjectNode shortest = run(finding.shortest());
        shortest.set("lanes", MAPPER.valueToTree(SwimLanes.of(finding.shortest())));
        row.set(SHORTEST, shortest);
        return row;
    }

    private static ObjectNode run(Performance run) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("steps", run.steps());
        json.put("switches", run.switches());
        json.set(CHOICES, MAPPER.valueToTree(run.schedule()));
        return json;
    }
}
