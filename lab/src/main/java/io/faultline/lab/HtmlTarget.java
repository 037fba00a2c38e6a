package io.faultline.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import io.faultline.lab.html.Page;
import io.faultline.lab.series.RunSeries;
import io.faultline.machine.MachineListener;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's page goes: nowhere, or to a file. Making one tries the file and leaves nothing behind.
 *
 * @param file null for nowhere
 * @param series gathers what the page shows; null for nowhere
 */
record HtmlTarget(@Nullable OutputFile file, @Nullable RunSeries series) {
    /**
     * Reads the option's value and tries the file.
     *
     * @param option its name, for messages
     * @param text null for nowhere, else a file
     * @param virtual whether the clock begins at 0
     * @param vcpus how many the machine has
     * @throws InvalidInputException when the file could not be written
     */
    static HtmlTarget of(String option, @Nullable String text, boolean virtual, int vcpus) {
        if (text == null) {
            return new HtmlTarget(null, null);
        }
        if (text.equals("-")) {
            throw new InvalidInputException(option + " needs a file: standard output has the summary, or the JSON");
        }
        return new HtmlTarget(OutputFile.of(option, text), new RunSeries(virtual, vcpus));
    }

    /** Who is to hear of what the machine does. */
    MachineListener heard() {
        return series == null ? MachineListener.NONE : series;
    }

    /**
     * Writes.
     *
     * @param layout makes a page of what was gathered; not asked when nobody wants one
     * @throws IOException when the file could not be written after all
     */
    void write(Function<RunSeries, Page> layout) throws IOException {
        if (file != null && series != null) {
            try (OutputFile.Writing writing = file.begin()) {
                writing.stream().write(layout.apply(series).html().getBytes(StandardCharsets.UTF_8));
                writing.keep();
            }
        }
    }
}
