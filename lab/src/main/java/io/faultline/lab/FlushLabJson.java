package io.faultline.lab;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.lab.sweep.Estimate;
import io.faultline.lab.sweep.Metric;
import io.faultline.lab.sweep.PlanFile;
import io.faultline.lab.sweep.PolicyFigures;
import io.faultline.lab.sweep.Scene;
import io.faultline.lab.sweep.SceneFigures;
import io.faultline.lab.sweep.SweepPlan;
import io.faultline.lab.sweep.SweepResult;
import io.faultline.lab.sweep.SweepRun;
import org.jspecify.annotations.Nullable;

/** A sweep as JSON: the same sweep gives the same bytes, but for the fields that begin with {@code wall}. */
final class FlushLabJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FlushLabJson() {}

    /**
     * Writes all there is.
     *
     * @param plan what was asked for
     * @param result what came out
     * @param wallNanos how long it took
     * @return with a line break at its end
     */
    static String of(FlushLabPlan plan, SweepResult result, long wallNanos) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", FlushLabCommand.NAME);
        json.set("options", MAPPER.valueToTree(shown(result.plan())));
        PlanFile file = plan.file();
        if (file != null) {
            json.put("planFile", file.text());
        }
        json.put("world", "virtual");
        json.put("seed", result.plan().firstSeed());
        json.put("wallNanos", wallNanos);
        ArrayNode runs = json.putArray("runs");
        result.runs().forEach(run -> runs.add(run(run)));
        ArrayNode skipped = json.putArray("skipped");
        result.skipped().forEach(each -> skipped.add(scene(each.policy(), each.scene()).put("reason", each.reason())));
        ArrayNode figures = json.putArray("figures");
        ArrayNode pareto = json.putArray("pareto");
        ArrayNode winners = json.putArray("winners");
        for (SceneFigures scene : result.scenes()) {
            scene.policies().forEach(each -> figures.add(figures(scene.scene(), each)));
            scene.pareto().forEach(each -> pareto.add(pareto(scene.scene(), each)));
            scene.winners()
                    .forEach(each -> winners.add(scene(null, scene.scene()).put("goal", each.goal().words())
                            .put("metric", each.goal().metric().field())
                            .<ObjectNode>set("policies", MAPPER.valueToTree(each.policies()))
                            .set("contenders", MAPPER.valueToTree(each.contenders()))));
        }
        json.put("invariantsHeld", result.unsafe().isEmpty());
        return JsonText.of(json);
    }

    private static Map<String, Object> shown(SweepPlan plan) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("policies", plan.policies());
        shown.put("profiles", plan.profiles());
        shown.put("vcpus", plan.vcpus());
        shown.put("overcommit", plan.overcommits());
        shown.put("workload", plan.workloads());
        shown.put("seeds", plan.seeds());
        shown.put("seed", plan.firstSeed());
        shown.put("oracle", plan.oracle() ? "full" : "off");
        return shown;
    }

    private static ObjectNode scene(@Nullable String policy, Scene scene) {
        ObjectNode row = MAPPER.createObjectNode();
        if (policy != null) {
            row.put("policy", policy);
        }
        return row.put("profile", scene.profile())
                .put("vcpus", scene.vcpus())
                .put("overcommit", scene.overcommit())
                .put("workload", scene.workload());
    }

    private static ObjectNode run(SweepRun run) {
        ObjectNode row = scene(run.point().policy(), run.point().scene());
        row.put("seed", run.point().seed());
        row.put("again", "./faultline " + run.point().command());
        row.put("complaint", run.complaint());
        if (run.result() != null) {
            row.setAll((ObjectNode) MAPPER.valueToTree(run.result()));
            row.put("pagesPerSecond", run.result().pagesPerSecond());
        }
        return row;
    }

    private static ObjectNode figures(Scene scene, PolicyFigures policy) {
        ObjectNode row = scene(policy.policy(), scene);
        row.put("seeds", policy.runs().size());
        row.put("unsafe", !policy.isSafe());
        policy.estimates().forEach((metric, estimate) -> row.set(metric.field(), estimate(estimate)));
        return row;
    }

    private static ObjectNode estimate(Estimate estimate) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("mean", estimate.mean());
        if (Double.isNaN(estimate.halfWidth())) {
            node.putNull("halfWidth95");
        } else {
            node.put("halfWidth95", estimate.halfWidth());
        }
        return node.put("min", estimate.least()).put("max", estimate.most());
    }

    private static ObjectNode pareto(Scene scene, PolicyFigures policy) {
        return scene(policy.policy(), scene)
                .put(Metric.IPIS_PER_PAGE.field(), policy.estimate(Metric.IPIS_PER_PAGE).mean())
                .put(Metric.STALENESS_MAX.field(), policy.estimate(Metric.STALENESS_MAX).most())
                .put(Metric.STALL_P99.field(), policy.estimate(Metric.STALL_P99).mean());
    }
}
