package io.faultline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.TemporalAccessor;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

/** The rules that hold in more than one module. */
public final class ArchitectureRules {
    /** Time and chance may enter through one package only. */
    public static final ArchRule DETERMINISTIC = noClasses()
            .that()
            .resideOutsideOfPackage("io.faultline.time..")
            .should()
            .accessTargetWhere(DescribedPredicate.describe("reads a clock, waits for one, or draws without a seed",
                    ArchitectureRules::isNondeterministic))
            .because("one seed must give one trace; clocks and randomness come from io.faultline.time")
            .allowEmptyShould(true);

    /** Packages depend on each other in one direction. */
    public static final ArchRule NO_PACKAGE_CYCLES = slices()
            .matching("io.faultline.(**)")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);

    /** Stages of Pekko's that read System.nanoTime themselves, whatever the scheduler. */
    private static final Set<String> WALL_CLOCK_STAGES = Set.of(
            "throttle", "idleTimeout", "backpressureTimeout", "keepAlive", "delay", "delayWith", "dropWithin");

    private ArchitectureRules() {}

    /** The classes of Faultline on the class path, without the tests of any module. */
    public static JavaClasses mainClasses() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.faultline");
    }

    private static boolean isNondeterministic(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        var owner = target.getOwner();
        var name = target.getName();
        if (owner.isAssignableTo(CompletionStage.class)) {
            var onGivenExecutor =
                    target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Executor.class));
            return (name.endsWith("Async") && !onGivenExecutor)
                    || Set.of("orTimeout", "completeOnTimeout", "delayedExecutor").contains(name);
        }
        if (owner.isEquivalentTo(System.class)) {
            return Set.of("nanoTime", "currentTimeMillis").contains(name);
        }
        if (owner.isEquivalentTo(Math.class) || owner.isEquivalentTo(StrictMath.class)) {
            return name.equals("random");
        }
        if (owner.isEquivalentTo(ThreadLocalRandom.class) || owner.isAssignableTo(SecureRandom.class)) {
            return true;
        }
        if (owner.isEquivalentTo(Random.class) || owner.isEquivalentTo(SplittableRandom.class)) {
            return name.equals("<init>") && target.getRawParameterTypes().isEmpty();
        }
        if (owner.getPackageName().startsWith("org.apache.pekko.stream")) {
            return WALL_CLOCK_STAGES.contains(name);
        }
        if (owner.isAssignableTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class)) {
            return name.equals("sleep");
        }
        if (owner.isAssignableTo(Clock.class)) {
            return name.startsWith("system") || name.startsWith("tick");
        }
        if (owner.isAssignableTo(TemporalAccessor.class)) {
            return name.equals("now");
        }
        return owner.getFullName().equals("org.apache.pekko.pattern.CircuitBreaker")
                || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"));
    }
}
