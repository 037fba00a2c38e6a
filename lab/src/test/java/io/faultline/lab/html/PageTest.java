package io.faultline.lab.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final String PLAIN = "zipf";

    @ParameterizedTest
    @ValueSource(strings = {"<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>",
        "\" onmouseover=\"alert(1)", "' autofocus onfocus='alert(1)", "<!--", "]]>",
        "</title></style></pre></details>"})
    void shouldHoldTheSameElementsWhateverTheNamesAre(String hostile) {
        assertThat(tagsOf(SamplePage.named(hostile).html())).isEqualTo(tagsOf(SamplePage.named(PLAIN).html()));
    }

    /** What a parser takes for tags, without the values of attributes. */
    private static List<String> tagsOf(String html) {
        return Pattern.compile("<[!/a-zA-Z][^>]*>")
                .matcher(outsideOfScripts(html))
                .results()
                .map(tag -> tag.group().replaceAll("\"[^\"]*\"", ""))
                .toList();
    }

    private static String outsideOfScripts(String html) {
        return Pattern.compile("(<script[^>]*>).*?(</script>)", Pattern.DOTALL).matcher(html).replaceAll("$1$2");
    }

    @Test
    void shouldAllowNoScriptButItsOwnAndNothingFromElsewhere() {
        String html = outsideOfScripts(SamplePage.named(PLAIN).html());

        assertThat(html).contains("default-src &#39;none&#39;", "script-src &#39;sha256-")
                .doesNotContain("src=", "href=", "url(");
    }

    @Test
    void shouldGiveTheSameTextForTheSamePage() {
        assertThat(SamplePage.named(PLAIN).html()).isEqualTo(SamplePage.named(PLAIN).html());
    }

    @Test
    void shouldCarryTheLibraryOnlyWhereSomethingIsDrawn() {
        assertThat(new Page("a", "b", List.of(), List.of(), "c").html()).hasSizeLessThan(20_000);
        assertThat(SamplePage.named(PLAIN).html()).hasSizeBetween(1_000_000, 1_200_000);
    }

    @Test
    void shouldPutEveryFigureOfAChartIntoItsTable() {
        double[] xs = {1e3, 1e6};
        XyChart chart = new XyChart("t", "r", Axis.linear("Time", Measure.NANOS), Axis.linear("Pages", Measure.COUNT),
                List.of(Series.line("mean", xs, new double[]{1.5, 1_000}),
                        Series.line("most", xs, new double[]{2, Double.NaN})));

        assertThat(chart.table().columns()).extracting(Column::title).containsExactly("Time", "mean", "most");
        assertThat(chart.table().rows()).containsExactly(List.of("1.00 \u00b5s", "1.5", "2"),
                List.of("1.00 ms", "1,000", ""));
    }

    @Test
    void shouldTableSeriesOfDifferentPlacesOneAfterTheOther() {
        XyChart chart = new XyChart("t", "r", Axis.linear("IPIs", Measure.RATIO), Axis.log("p99", Measure.NANOS),
                List.of(Series.points("strict", new double[]{2}, new double[]{9e3}),
                        Series.points("ring", new double[]{0.125}, new double[]{2e5})));

        assertThat(chart.table().rows()).containsExactly(List.of("strict", "2.00", "9.00 \u00b5s"),
                List.of("ring", "0.125", "200 \u00b5s"));
    }

    @Test
    void shouldDrawACdfFromValuesInAnyOrder() {
        Series cdf = Series.cdf("gaps", new double[]{30, 10, 20, 20});

        assertThat(cdf.xs()).containsExactly(10, 20, 20, 30);
        assertThat(cdf.ys()).containsExactly(0.25, 0.5, 0.75, 1);
    }

    @Test
    void shouldRefuseDataThatDoNotFit() {
        double[] one = {1};
        assertThatThrownBy(() -> Series.line("s", one, new double[0])).hasMessageContaining("1 xs, but 0 ys");
        assertThatThrownBy(() -> new DataTable("t", List.of(Column.words("a")), List.of(List.of("1", "2"))))
                .hasMessageContaining("1 columns");
        Axis axis = Axis.linear("v", Measure.COUNT);
        assertThatThrownBy(() -> new BarChart("t", "r", "row", List.of("a", "b"), axis,
                List.of(new BarChart.Bars("s", one)), false)).hasMessageContaining("1 bars for 2 rows");
        assertThatThrownBy(() -> new HeatMap("t", "r", "x", List.of("1", "2"), "y", List.of("1"), axis, List.of(one)))
                .hasMessageContaining("1 rows of 2 cells");
    }
}
