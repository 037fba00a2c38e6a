package io.faultline.lab.html;

import java.util.List;

/** Writes one page. */
final class PageWriter {
    private final Markup html = new Markup();

    String write(Page page) {
        html.open("!doctype html").line().open("html", "lang", "en").line();
        head(page);
        html.open("body").line();
        html.open("header").element("h1", page.title()).element("p", page.subtitle(), "class", "subtitle").line();
        blocks(page.head());
        html.close("header").line();
        html.open("noscript")
                .element("p", "The charts need JavaScript, all within this file. Without it, unfold the"
                        + " table below each heading: it holds the same figures.")
                .close("noscript")
                .line();
        html.open("main").line();
        page.sections().forEach(this::section);
        html.close("main").line();
        html.element("footer", page.foot()).line();
        if (page.hasCharts()) {
            html.raw("script", Assets.ECHARTS).raw("script", Assets.SCRIPT);
        }
        html.close("body").line().close("html").line();
        return html.toString();
    }

    private void head(Page page) {
        html.open("head").open("meta", "charset", "utf-8").line();
        // Nothing is loaded from anywhere, and no script runs but these two: not even one that got past the escaping.
        html.open("meta", "http-equiv", "Content-Security-Policy", "content",
                "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src " + Assets.SCRIPT_HASHES)
                .line();
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
        html.open("meta", "name", "color-scheme", "content", "light dark").line();
        html.element("title", page.title()).line();
        html.raw("style", Assets.STYLE);
        html.close("head").line();
    }

    private void section(Section section) {
        html.open("section").element("h2", section.title()).line();
        blocks(section.blocks());
        html.close("section").line();
    }

    private void blocks(List<Block> blocks) {
        boolean inCharts = false;
        for (Block block : blocks) {
            boolean chart = block instanceof Block.Drawn;
            if (chart && !inCharts) {
                html.open("div", "class", "charts").line();
            } else if (!chart && inCharts) {
                html.close("div").line();
            }
            inCharts = chart;
            block(block);
        }
        if (inCharts) {
            html.close("div").line();
        }
    }

    private void block(Block block) {
        switch (block) {
            case Block.Prose(String text) -> html.element("p", text).line();
            case Block.Drawn(Chart chart) -> chart(chart);
            case Block.Tabled(DataTable table) -> table(table);
            case Block.Verdict verdict -> verdict(verdict);
            case Block.Tiles(List<Block.Tile> tiles) -> tiles(tiles);
            case Block.Command(String what, String line) -> {
                html.element("p", what, "class", "what").open("pre", "tabindex", "0").element("code", line);
                html.close("pre").line();
            }
            case Block.Folded(String summary, List<Block> inside) -> {
                html.open("details").element("summary", summary).line();
                blocks(inside);
                html.close("details").line();
            }
        }
    }

    private void verdict(Block.Verdict verdict) {
        html.open("div", "class", verdict.held() ? "verdict held" : "verdict broken", "role", "status");
        html.open("p").element("span", verdict.held() ? "\u2714" : "\u2718", "class", "sign", "aria-hidden", "true");
        html.element("strong", verdict.words()).close("p").line();
        if (!verdict.details().isEmpty()) {
            html.open("ul");
            verdict.details().forEach(line -> html.element("li", line).line());
            html.close("ul");
        }
        html.close("div").line();
    }

    private void tiles(List<Block.Tile> tiles) {
        html.open("dl", "class", "tiles").line();
        for (Block.Tile tile : tiles) {
            html.open("div").element("dt", tile.name()).element("dd", tile.figure(), "class", "figure");
            html.element("dd", tile.note()).close("div").line();
        }
        html.close("dl").line();
    }

    private void chart(Chart chart) {
        html.open("figure", "class", "chart");
        html.open("figcaption").element("h3", chart.title()).element("p", chart.reading()).close("figcaption").line();
        html.open("div", "class", "drawing", "role", "img", "aria-label",
                "Chart: " + chart.title() + ". " + chart.reading() + " The table below has the figures.");
        html.close("div").line();
        html.data(chart.drawing().toString(), "type", "application/json");
        html.open("details").element("summary", "The figures as a table").line();
        table(chart.table());
        html.close("details").close("figure").line();
    }

    private void table(DataTable table) {
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", table.caption());
        html.open("table").element("caption", table.caption());
        if (table.columns().stream().anyMatch(column -> !column.title().isEmpty())) {
            html.open("thead").open("tr");
            for (Column column : table.columns()) {
                html.element("th", column.title(), "scope", "col", "class", kind(column));
            }
            html.close("tr").close("thead");
        }
        html.open("tbody").line();
        for (List<String> row : table.rows()) {
            row(table.columns(), row);
        }
        html.close("tbody").close("table").close("div").line();
    }

    /** Each in a line of its own. */
    private void row(List<Column> columns, List<String> cells) {
        html.open("tr");
        for (int column = 0; column < cells.size(); column++) {
            if (column == 0) {
                html.element("th", cells.get(0), "scope", "row", "class", kind(columns.get(0)));
            } else {
                html.element("td", cells.get(column), "class", kind(columns.get(column)));
            }
        }
        html.close("tr").line();
    }

    private static String kind(Column column) {
        return column.number() ? "number" : "words";
    }
}
