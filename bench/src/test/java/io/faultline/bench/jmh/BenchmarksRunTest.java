package io.faultline.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every JMH benchmark once, far too short to measure anything: so that they do not rot. */
class BenchmarksRunTest {
    @Test
    @Timeout(120)
    void shouldRunEveryBenchmark() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder().include("io\\.faultline\\.bench\\.jmh\\..*")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build()).run();
        assertThat(results.stream()
                .map(result -> result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"))
                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("TlbBenchmark.hit", "TlbBenchmark.missWithWalk", "PageTableBenchmark.walk",
                        "PageTableBenchmark.walkAndMark", "CopyBenchmark.copy", "LedgerBenchmark.takeUpAndFinish");
        assertThat(results).allSatisfy(
                result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }
}
