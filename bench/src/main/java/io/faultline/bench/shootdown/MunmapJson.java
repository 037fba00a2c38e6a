package io.faultline.bench.shootdown;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.bench.measure.ProfileJson;
import io.faultline.lab.JsonText;

/** The figures as programs read them. */
final class MunmapJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MunmapJson() {}

    static String of(MunmapPlan plan, MunmapCosts costs) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", "bench");
        json.put("name", MunmapCommand.NAME);
        json.put("rounds", plan.rounds());
        json.put("seed", plan.seed());
        ArrayNode rows = json.putArray("rows");
        for (MunmapCosts.Row row : costs.rows()) {
            ObjectNode one = rows.addObject()
                    .put("cores", row.cores())
                    .put("strictNanos", row.strict().callNanosMean())
                    .put("concurrentNanos", row.concurrent().callNanosMean())
                    .put("latrNanos", row.latr().callNanosMean())
                    .put("latrGain", row.gain())
                    .put("latrStalenessNanosP50", row.latr().flush().stalenessNanos().p50());
            if (MunmapTable.isPublished(plan, row)) {
                one.putObject("published").put("latrGain", MunmapCosts.PUBLISHED_GAIN);
            }
        }
        ArrayNode loops = json.putArray("loops");
        for (MunmapCosts.Loop loop : costs.loops()) {
            ObjectNode one = loops.addObject()
                    .put("policy", loop.policy())
                    .put("lruLock", loop.lruLocked())
                    .put("cores", plan.loopCores())
                    .put("loopsPerSecond", loop.result().callsPerSecond())
                    .put("ipisPerPage", loop.result().flush().ipisPerPage());
            if (plan.loopCores() == MunmapPlan.PUBLISHED_LOOP_CORES) {
                one.putObject("published").put("loopsPerSecond", loop.published());
            }
        }
        json.set("profile", ProfileJson.of(plan.profile()));
        json.set("loopProfile", ProfileJson.of(plan.loopProfile()));
        return JsonText.of(json);
    }
}
