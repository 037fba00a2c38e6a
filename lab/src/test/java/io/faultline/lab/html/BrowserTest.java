package io.faultline.lab.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ColorScheme;
import io.faultline.lab.stress.SampleRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pages in a real browser: the distribution's Chromium, headless, each with a profile of its own. Pictures of what it saw
 * are left in the folder that the system property faultline.screenshots names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BrowserTest {
    private static final int DESKTOP_COLUMNS = 1280;
    private static final int PHONE_COLUMNS = 390;
    private static final int ROWS = 900;

    /** What is wrong with what is shown, one line each. */
    private static final String FAULTS = """
            () => {
              const wrong = [];
              if (document.documentElement.scrollWidth > window.innerWidth) {
                wrong.push(`the page is ${document.documentElement.scrollWidth} pixels wide, the window ${window.innerWidth}`);
              }
              for (const figure of document.querySelectorAll('figure.chart')) {
                const title = figure.querySelector('h3').textContent;
                const drawing = figure.querySelector('.drawing');
                const svg = drawing.querySelector('svg');
                const room = drawing.getBoundingClientRect();
                if (!svg || svg.getBoundingClientRect().width < 200 || room.height < 150) {
                  wrong.push(`${title}: nothing drawn`);
                  continue;
                }
                if (svg.querySelectorAll('path').length < 5) { wrong.push(`${title}: hardly anything drawn`); }
                if (!drawing.getAttribute('aria-label')) { wrong.push(`${title}: nothing to read out`); }
                if (!figure.querySelector('details table tbody tr')) { wrong.push(`${title}: no table`); }
                const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '');
                if (texts.length < 4) { wrong.push(`${title}: hardly any text`); }
                for (const text of texts) {
                  const size = parseFloat(getComputedStyle(text).fontSize);
                  const box = text.getBoundingClientRect();
                  if (size < 10) { wrong.push(`${title}: "${text.textContent}" is ${size} pixels high`); }
                  if (box.left < room.left - 1 || box.right > room.right + 1 || box.top < room.top - 1
                      || box.bottom > room.bottom + 1) {
                    wrong.push(`${title}: "${text.textContent}" is cut off`);
                  }
                }
              }
              return wrong;
            }""";

    @TempDir
    private Path folder = Path.of("");

    private Playwright playwright;
    private Browser browser;

    @BeforeAll
    void open() {
        Optional<Path> chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), "there is no Chromium on the PATH: apt-get install chromium");
        try {
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright.chromium()
                    .launch(new BrowserType.LaunchOptions().setExecutablePath(chromium.get()).setHeadless(true));
        } catch (PlaywrightException e) {
            assumeTrue(false, chromium.get() + " does not start: " + e.getMessage());
        }
    }

    @AfterAll
    void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({"sample,desktop,LIGHT", "sample,phone,DARK", "hostile,desktop,DARK", "virtual,desktop,DARK",
        "virtual,phone,LIGHT", "threads,desktop,LIGHT", "threads,phone,DARK"})
    void shouldShowEveryChartWholeAndLegible(String name, String width, ColorScheme scheme) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".html"), htmlOf(name));
        int columns = width.equals("phone") ? PHONE_COLUMNS : DESKTOP_COLUMNS;
        List<String> complaints = new ArrayList<>();
        try (BrowserContext profile = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(columns, ROWS)
                .setColorScheme(scheme))) {
            Page page = profile.newPage();
            page.onConsoleMessage(said -> complaints.add(said.type() + ": " + said.text()));
            page.onPageError(complaints::add);
            page.onDialog(dialog -> {
                complaints.add("a script that is not the page's ran");
                dialog.dismiss();
            });
            page.onRequest(request -> {
                if (!request.url().startsWith("file:")) {
                    complaints.add("asked the network for " + request.url());
                }
            });
            page.navigate(file.toUri().toString());
            page.waitForFunction("() => document.querySelectorAll('.drawing svg').length"
                    + " === document.querySelectorAll('.drawing').length");
            leavePicture(page, name + "-" + width + "-" + scheme + ".png");

            assertThat((List<?>) page.evaluate(FAULTS)).isEmpty();
            assertThat(complaints).isEmpty();
            assertThat(page.locator("figure.chart").count()).isGreaterThanOrEqualTo(6);
            boolean dark = (boolean) page.evaluate(
                    "() => Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 64");
            assertThat(dark).as("a dark ground").isEqualTo(scheme == ColorScheme.DARK);
        }
    }

    private static String htmlOf(String name) throws IOException {
        return switch (name) {
            case "sample" -> SamplePage.named("Something").html();
            case "hostile" -> SamplePage.named("<img src=x onerror=alert(1)>").html();
            default -> SampleRun.page(name).html();
        };
    }

    private static void leavePicture(Page page, String name) {
        String pictures = System.getProperty("faultline.screenshots");
        if (pictures != null) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(pictures, name)).setFullPage(true));
        }
    }
}
