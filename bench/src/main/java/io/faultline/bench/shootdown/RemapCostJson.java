package io.faultline.bench.shootdown;

import java.util.Locale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.bench.measure.ProfileJson;
import io.faultline.lab.JsonText;

/** The figures as programs read them. */
final class RemapCostJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RemapCostJson() {}

    static String of(RemapCostPlan plan, RemapCosts costs) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", "bench");
        json.put("name", RemapCostCommand.NAME);
        json.put("rounds", plan.rounds());
        json.put("cpus", plan.cpus());
        json.put("seed", plan.seed());
        ArrayNode rows = json.putArray("rows");
        for (RemapCosts.Point point : costs.points()) {
            ObjectNode row = rows.addObject()
                    .put("call", point.measured().call().name().toLowerCase(Locale.ROOT))
                    .put("pages", point.measured().pages())
                    .put("aloneNanos", point.aloneNanos())
                    .put("besideNanos", point.besideNanos())
                    .put("victimStolenNanos", point.stolenNanos());
            if (plan.isMeasuredMachine()) {
                row.putObject("published")
                        .put("aloneNanos", point.measured().aloneNanos())
                        .put("besideNanos", point.measured().besideNanos());
            }
        }
        costs.moveBeatsCopyFromPages().ifPresent(pages -> json.put("moveBeatsCopyFromPages", pages));
        ArrayNode rings = json.putArray("rings");
        for (RemapCosts.Ring ring : costs.rings()) {
            rings.addObject()
                    .put("size", ring.size())
                    .put("moveNanos", ring.moveNanos())
                    .put("formulaNanos", ring.formulaNanos())
                    .put("ipisPerMove", ring.ipisPerMove());
        }
        costs.ringBeatsCopyFrom().ifPresent(size -> json.put("ringBeatsCopyFromSize", size));
        json.set("profile", ProfileJson.of(plan.profile()));
        return JsonText.of(json);
    }
}
