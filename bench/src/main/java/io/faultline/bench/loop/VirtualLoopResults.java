package io.faultline.bench.loop;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.bench.measure.Measurement;
import io.faultline.bench.measure.Spread;
import io.faultline.lab.JsonText;
import io.faultline.units.Counts;
import io.faultline.units.Durations;

/**
 * Everything measured, for people and for programs.
 *
 * @param plan what was asked for
 * @param ours a measurement a round
 * @param plain a measurement a round
 */
record VirtualLoopResults(VirtualLoopPlan plan, List<Measurement> ours, List<Measurement> plain) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** A message is a delivery that falls due and a mailbox that runs; to the peer it is one event. */
    private static final int EVENTS_PER_MESSAGE = 2;

    VirtualLoopResults {
        ours = List.copyOf(ours);
        plain = List.copyOf(plain);
    }

    /** Our events per second as a part of the peer's. */
    double ratio() {
        return perSecond(ours).median() / perSecond(plain).median();
    }

    String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "virtual-loop: %s entities, as many messages on their way, %s events a run, schedule %s%n",
                Counts.format(plan.job().entities()), Counts.format(plan.job().events()), plan.schedule()));
        text.append(String.format(Locale.ROOT, "rounds %d, each loop in a JVM of its own, warm-up %s, measured %s%n%n",
                ours.size(), plan.options().warmUp, plan.options().measure));
        row(text, "", "events/s", "least", "most", "CPU each", "messages/s");
        row(text, LoopContender.OURS, ours, EVENTS_PER_MESSAGE);
        row(text, LoopContender.PLAIN, plain, 1);
        text.append(String.format(Locale.ROOT, "%nFaultline's has %.2f of the plain loop's events per second%n",
                ratio()));
        return text.toString();
    }

    private static void row(StringBuilder text, LoopContender contender, List<Measurement> rounds,
            int eventsPerMessage) {
        Spread spread = perSecond(rounds);
        row(text, contender.title(), Counts.compact(spread.median()), Counts.compact(spread.min()),
                Counts.compact(spread.max()), Durations.format(Math.round(cpuNanos(rounds))),
                Counts.compact(spread.median() / eventsPerMessage));
    }

    private static void row(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "  %-26s %9s %9s %9s %9s %11s%n", columns));
    }

    String json() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", "bench");
        json.put("name", VirtualLoopCommand.NAME);
        json.put("eventsPerSecond", perSecond(ours).median());
        json.put("ratioToPlainLoop", ratio());
        json.put("plainLoopEventsPerSecond", perSecond(plain).median());
        json.put("messagesPerSecond", perSecond(ours).median() / EVENTS_PER_MESSAGE);
        json.put("messagesRatioToPlainLoop", ratio() / EVENTS_PER_MESSAGE);
        json.put("cpuNanosPerEvent", cpuNanos(ours));
        json.put("plainLoopCpuNanosPerEvent", cpuNanos(plain));
        json.put("rounds", ours.size());
        json.putObject("settings")
                .put("entities", plan.job().entities())
                .put("events", plan.job().events())
                .put("schedule", plan.schedule().toString())
                .put("heap", plan.options().heap)
                .put("warmUp", plan.options().warmUp)
                .put("measure", plan.options().measure)
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("java", Runtime.version().toString());
        addAll(json.putArray("contenders"), LoopContender.OURS, ours);
        addAll(json.withArray("contenders"), LoopContender.PLAIN, plain);
        return JsonText.of(json);
    }

    private static void addAll(ArrayNode into, LoopContender contender, List<Measurement> rounds) {
        Spread spread = perSecond(rounds);
        ArrayNode each = into.addObject()
                .put("contender", contender.key())
                .put("perSecond", spread.median())
                .put("perSecondMin", spread.min())
                .put("perSecondMax", spread.max())
                .putArray("rounds");
        for (Measurement round : rounds) {
            each.addObject()
                    .put("perSecond", round.perSecond())
                    .put("events", round.work().faults())
                    .put("nanos", round.work().nanos())
                    .put("cpuNanos", round.cpuNanos())
                    .put("runs", round.runs());
        }
    }

    private static Spread perSecond(List<Measurement> rounds) {
        return Spread.of(rounds.stream().mapToDouble(Measurement::perSecond).toArray());
    }

    private static double cpuNanos(List<Measurement> rounds) {
        return Spread.of(rounds.stream().mapToDouble(Measurement::cpuNanosPerFault).toArray()).median();
    }
}
