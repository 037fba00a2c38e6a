package io.faultline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that the rules catch what they are there for. */
class ArchitectureRulesTest {
    @ParameterizedTest
    @ValueSource(
            classes = {ReadsClock.class, RefersToClock.class, ReadsInstant.class, Sleeps.class, DrawsUnseeded.class,
                DrawsOfThread.class, RunsAnywhere.class})
    void determinismRuleCatches(Class<?> culprit) {
        assertThat(check(culprit).hasViolation()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {DrawsSeeded.class, RunsWhereTold.class})
    void determinismRuleAllows(Class<?> innocent) {
        assertThat(check(innocent).getFailureReport().getDetails()).isEmpty();
    }

    private static EvaluationResult check(Class<?> type) {
        return ArchitectureRules.DETERMINISTIC.evaluate(new ClassFileImporter().importClasses(type));
    }

    static final class ReadsClock {
        static long now() {
            return System.nanoTime();
        }
    }

    static final class RefersToClock {
        static LongSupplier clock() {
            return System::nanoTime;
        }
    }

    static final class ReadsInstant {
        static Instant now() {
            return Instant.now();
        }
    }

    static final class Sleeps {
        static void rest() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class DrawsUnseeded {
        static int draw() {
            return new Random().nextInt();
        }
    }

    static final class DrawsOfThread {
        static int draw() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    static final class RunsAnywhere {
        static CompletableFuture<Void> run(Runnable task) {
            return CompletableFuture.runAsync(task);
        }
    }

    static final class DrawsSeeded {
        static int draw(long seed) {
            return new Random(seed).nextInt();
        }
    }

    static final class RunsWhereTold {
        static CompletableFuture<Void> run(Runnable task, Executor executor) {
            return CompletableFuture.runAsync(task, executor);
        }
    }
}
