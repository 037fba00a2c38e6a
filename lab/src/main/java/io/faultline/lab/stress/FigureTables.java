package io.faultline.lab.stress;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.lab.html.Block;
import io.faultline.lab.html.Column;
import io.faultline.lab.html.DataTable;
import io.faultline.lab.html.Measure;
import io.faultline.machine.Report;

/**
 * Every figure of a report with its unit and a line that explains it. The figures are found in the report's own JSON, so
 * none can be forgotten; the explanations are in {@code figures.properties}.
 */
final class FigureTables {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<Column> COLUMNS =
            List.of(Column.words("Figure"), Column.numbers("Value"), Column.words("What it is"));

    private final Properties meanings = meanings();
    private final List<List<String>> rows = new ArrayList<>();

    private FigureTables() {}

    static List<Block> of(Report report) {
        JsonNode json = MAPPER.valueToTree(report);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Prose("Names are those of the JSON report, as --json writes it."));
        List<List<String>> run = new ArrayList<>();
        List<Block> groups = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            FigureTables figures = new FigureTables();
            figures.add(field.getKey(), field.getKey(), field.getValue());
            if (field.getValue().isValueNode()) {
                run.addAll(figures.rows);
            } else if (!figures.rows.isEmpty()) {
                groups.add(table(field.getKey(), figures.rows));
            }
        }
        blocks.add(table("the run", run));
        blocks.addAll(groups);
        return blocks;
    }

    private static Block table(String title, List<List<String>> rows) {
        return new Block.Folded(title + ", " + rows.size() + (rows.size() == 1 ? " figure" : " figures"),
                List.of(new Block.Tabled(new DataTable(title, COLUMNS, rows))));
    }

    /** What is below a field, whose path has names only where its name in the JSON may have an element's too. */
    private void add(String name, String path, JsonNode value) {
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> add(name + "." + field.getKey(),
                            path.equals("chaos") ? path : path + "." + field.getKey(), field.getValue()));
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                if (element.has("name")) { // others are charts and tables of their own
                    element.properties()
                            .stream()
                            .filter(field -> field.getValue().isNumber())
                            .forEach(
                                    field -> add(name + "." + element.get("name").textValue() + "." + field.getKey(),
                                            path + "." + field.getKey(), field.getValue()));
                }
            }
        } else if (!value.isNull()) {
            rows.add(List.of(name, figure(path, value), meaning(path)));
        }
    }

    private String meaning(String path) {
        String own = meanings.getProperty(path);
        if (own != null) {
            return own;
        }
        int last = path.lastIndexOf('.');
        // p50 and its like mean the same of everything.
        String of = last < 0 ? null : meanings.getProperty(path.substring(0, last));
        String part = meanings.getProperty("*" + path.substring(last + 1));
        return of == null || part == null ? "" : part + " of: " + of;
    }

    private static String figure(String path, JsonNode value) {
        if (!value.isNumber()) {
            return value.asText();
        }
        return measure(path, value).format(value.doubleValue());
    }

    /** The units are in the names. */
    private static Measure measure(String path, JsonNode value) {
        if (path.contains("Nanos")) {
            return Measure.NANOS;
        } else if (path.endsWith("ytes")) {
            return Measure.BYTES;
        } else if (path.endsWith("perSecond")) {
            return Measure.PER_SECOND;
        }
        return value.isIntegralNumber() ? Measure.COUNT : Measure.RATIO;
    }

    private static Properties meanings() {
        Properties properties = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(FigureTables.class.getResourceAsStream("figures.properties")),
                StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("figures.properties cannot be read", e);
        }
        return properties;
    }
}
