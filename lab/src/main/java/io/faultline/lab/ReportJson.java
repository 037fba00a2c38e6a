package io.faultline.lab;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.machine.Report;

/** A report as JSON: the same report gives the same bytes, on every system. */
final class ReportJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ReportJson() {}

    /**
     * Writes the command, its options, the report's fields in their order, and the verdict.
     *
     * @param command the subcommand's name
     * @param options in the order to be written, without output paths
     * @param report of a run that is over
     * @return with a line break at its end
     */
    static String of(String command, Map<String, ?> options, Report report) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", command);
        json.set("options", MAPPER.valueToTree(options));
        JsonNode fields = MAPPER.valueToTree(report);
        json.setAll((ObjectNode) fields);
        json.put("invariantsHeld", report.invariantsHeld());
        json.set("brokenInvariants", MAPPER.valueToTree(report.brokenInvariants()));
        return JsonText.of(json);
    }
}
