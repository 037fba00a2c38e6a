package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportJsonTest {
    /** The design's list: others parse these, so they may be added to and never renamed. */
    private static final String TOP_LEVEL =
            "command options world seed vcpus memslots memoryBytes wallNanos virtualNanos traceHash";
    private static final String PERCENTILES = "p50 p99 p999 max";
    private static final Map<String, String> REQUIRED = Map.of(
            "/faults",
            "raised resolved failed lost coalesced spurious retried poisoned concurrentPeak perSecond latencyNanos"
                    + " stageNanos slowest",
            "/faults/latencyNanos", PERCENTILES,
            "/faults/stageNanos", "queue handler fetch install wake",
            "/pages", "installed verified corrupt",
            "/io", "reads bytes errors inFlightPeak inFlightLimit",
            "/flush",
            "policy requests batches ipis ipisPerPage fullFlushes violations stalenessNanos initiatorStallNanos"
                    + " victimStolenNanos quarantinePeakPages",
            "/flush/stalenessNanos", PERCENTILES,
            "/flush/initiatorStallNanos", PERCENTILES,
            "/flush/victimStolenNanos", PERCENTILES);

    private static final Map<String, Object> OPTIONS = options();

    private static Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("world", "threads");
        options.put("vcpus", 4096);
        return options;
    }

    @Test
    void shouldBeginWithTheFieldsOfTheDesignInItsOrder() throws JsonProcessingException {
        JsonNode json = parse(ReportJson.of("stress", OPTIONS, Reports.held()));

        assertThat(namesOf(json)).startsWith(TOP_LEVEL.split(" ")).contains("faults", "pages", "io", "flush");
    }

    @Test
    void shouldHoldEveryFieldOfTheDesignThoughNothingWasFlushed() throws JsonProcessingException {
        JsonNode json = parse(ReportJson.of("stress", OPTIONS, Reports.held()));

        REQUIRED.forEach((place, names) -> assertThat(namesOf(json.at(place))).as(place).contains(names.split(" ")));
        assertThat(json.at("/flush/stalenessNanos/max").longValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"faults.raised", "memoryBytes", "faults.latencyNanos.p99", "io.bytes"})
    void shouldGiveNumbersAsNumbers(String field) throws JsonProcessingException {
        JsonNode json = parse(ReportJson.of("stress", OPTIONS, Reports.held()));

        assertThat(json.at("/" + field.replace('.', '/')).isIntegralNumber()).as(field).isTrue();
    }

    @Test
    void shouldKeepWhatDependsOnWallTimeInTopLevelFieldsThatSaySo() throws JsonProcessingException {
        JsonNode slow = parse(ReportJson.of("stress", OPTIONS, Reports.virtual(9_000_000_000L)));
        JsonNode fast = parse(ReportJson.of("stress", OPTIONS, Reports.virtual(1_000_000_000L)));

        List<String> differing = new ArrayList<>();
        slow.properties().forEach(field -> {
            if (!field.getValue().equals(fast.get(field.getKey()))) {
                differing.add(field.getKey());
            }
        });
        assertThat(differing).containsExactly("wallNanos");
    }

    @Test
    void shouldGiveTheSameBytesForTheSameReport() {
        String once = ReportJson.of("stress", OPTIONS, Reports.virtual(1));

        assertThat(ReportJson.of("stress", OPTIONS, Reports.virtual(1))).isEqualTo(once);
        assertThat(once).endsWith("}\n").doesNotContain("\r");
    }

    @Test
    void shouldGiveTheTraceHashAsTextBecauseParsersRoundLargeNumbers() throws JsonProcessingException {
        assertThat(parse(ReportJson.of("stress", OPTIONS, Reports.virtual(1))).at("/traceHash").textValue())
                .isEqualTo("0123456789abcdef");
        assertThat(parse(ReportJson.of("stress", OPTIONS, Reports.held())).at("/traceHash").isNull()).isTrue();
    }

    @Test
    void shouldSayWhichInvariantsDidNotHold() throws JsonProcessingException {
        JsonNode json = parse(ReportJson.of("stress", OPTIONS, Reports.broken(3)));

        assertThat(json.at("/invariantsHeld").booleanValue()).isFalse();
        assertThat(json.at("/brokenInvariants/0").textValue()).startsWith("faults.lost is 3");
        assertThat(json.at("/violations")).hasSize(10);
    }

    private static JsonNode parse(String json) throws JsonProcessingException {
        return new ObjectMapper().readTree(json);
    }

    private static List<String> namesOf(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
