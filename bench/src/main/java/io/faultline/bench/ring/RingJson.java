package io.faultline.bench.ring;

import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.bench.measure.Measurement;
import io.faultline.bench.measure.Spread;
import io.faultline.lab.JsonText;

/** The results as programs read them. At the top stand the figures of the first mode, private pages by default. */
final class RingJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RingJson() {}

    static String of(FaultRingPlan plan, RingResults results) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", "bench");
        json.put("name", FaultRingCommand.NAME);
        List<Integer> modes = results.modes();
        if (!modes.isEmpty()) {
            putRatios(json, results, modes.getFirst());
        }
        json.put("rounds", results.rounds());
        json.set("settings", settings(plan.options()));
        ArrayNode sharing = json.putArray("sharing");
        for (int vcpusPerPage : modes) {
            ObjectNode mode = sharing.addObject().put("vcpusPerPage", vcpusPerPage);
            putRatios(mode, results, vcpusPerPage);
            addAll(mode.putArray("contenders"), results.inMode(vcpusPerPage));
        }
        addAll(json.putArray("scale"), results.scales());
        return JsonText.of(json);
    }

    private static void putRatios(ObjectNode json, RingResults results, int sharing) {
        results.inMode(sharing, RingContender.OURS).ifPresent(ours -> {
            json.put("faultsPerSecond", ours.perSecond().median());
            putRatio(json, "ratioToBareRing", ours, results, sharing, RingContender.BARE_RING);
            putRatio(json, "ratioToExecutorPeer", ours, results, sharing, RingContender.EXECUTOR);
            putRatio(json, "ratioToVirtualThreadPeer", ours, results, sharing, RingContender.VIRTUAL_THREADS);
        });
    }

    private static void putRatio(ObjectNode json, String field, RingResult ours, RingResults results, int sharing,
            RingContender peer) {
        results.inMode(sharing, peer).ifPresent(other -> json.put(field, ours.ratioTo(other)));
    }

    private static ObjectNode settings(FaultRingOptions options) {
        return MAPPER.createObjectNode()
                .put("vcpus", options.vcpus)
                .put("accesses", options.accesses)
                .put("contents", options.contents)
                .put("inFlight", options.inFlight)
                .put("executor", options.executor)
                .put("heap", options.heap)
                .put("warmUp", options.warmUp)
                .put("measure", options.measure)
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("java", Runtime.version().toString());
    }

    private static void addAll(ArrayNode into, List<RingResult> results) {
        for (RingResult result : results) {
            Spread spread = result.perSecond();
            ObjectNode one = into.addObject()
                    .put("contender", result.entry().contender().key())
                    .put("vcpus", result.entry().shape().vcpus())
                    .put("perSecond", spread.median())
                    .put("perSecondMin", spread.min())
                    .put("perSecondMax", spread.max())
                    .put("accessesPerSecond", result.accessesPerSecond())
                    .put("faultedShare", result.faultedShare())
                    .put("haltedMean", result.haltedMean())
                    .put("cpuNanosPerFault", result.cpuNanosPerFault());
            ArrayNode rounds = one.putArray("rounds");
            for (Measurement round : result.rounds()) {
                rounds.addObject()
                        .put("perSecond", round.perSecond())
                        .put("accessesPerSecond", round.accessesPerSecond())
                        .put("accesses", round.work().accesses())
                        .put("faults", round.work().faults())
                        .put("haltedNanos", round.work().haltedNanos())
                        .put("nanos", round.work().nanos())
                        .put("cpuNanos", round.cpuNanos())
                        .put("runs", round.runs())
                        .put("warmUpNanos", round.warmUpNanos());
            }
        }
    }
}
