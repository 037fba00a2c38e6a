package io.faultline.lab.sweep;

import java.util.ArrayList;
import java.util.List;

import io.faultline.shootdown.ShootdownResult;

/** A row for each run, as RFC 4180 has it but for the line's end. The same sweep gives the same bytes. */
public final class SweepCsv {
    private SweepCsv() {}

    /** {@return the whole table, its first row naming the columns} */
    public static String of(SweepResult sweep) {
        List<String> header = new ArrayList<>(List.of("profile", "vcpus", "overcommit", "workload", "policy", "seed",
                "violations", "broke", "calls", "pages", "virtualNanos"));
        for (Metric metric : Metric.values()) {
            header.add(metric.field());
        }
        header.add("traceHash");
        StringBuilder csv = new StringBuilder();
        row(csv, header);
        sweep.runs().forEach(run -> row(csv, cells(run, header.size())));
        return csv.toString();
    }

    private static List<String> cells(SweepRun run, int columns) {
        Scene scene = run.point().scene();
        List<String> cells = new ArrayList<>(List.of(scene.profile(), Integer.toString(scene.vcpus()),
                Integer.toString(scene.overcommit()), scene.workload(), run.point().policy(),
                Long.toString(run.point().seed())));
        ShootdownResult result = run.result();
        if (result == null) {
            cells.add("");
            cells.add(String.valueOf(run.broke()));
            while (cells.size() < columns) {
                cells.add("");
            }
            return cells;
        }
        cells.addAll(List.of(Long.toString(result.flush().violations()), "", Long.toString(result.calls()),
                Long.toString(result.pages()), Long.toString(result.virtualNanos())));
        for (Metric metric : Metric.values()) {
            cells.add(number(metric.of(result)));
        }
        cells.add(Long.toString(result.traceHash()));
        return cells;
    }

    /** Whole numbers without a fraction, others with as many digits as tell them from their neighbours. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static void row(StringBuilder csv, List<String> cells) {
        csv.append(String.join(",", cells.stream().map(SweepCsv::quoted).toList())).append('\n');
    }

    private static String quoted(String cell) {
        return cell.chars().anyMatch(character -> ",\"\n\r".indexOf(character) >= 0)
                ? '"' + cell.replace("\"", "\"\"") + '"'
                : cell;
    }
}
