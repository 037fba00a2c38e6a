package io.faultline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class CoreArchitectureTest {
    private static final JavaClasses CORE = ArchitectureRules.mainClasses();

    @Test
    void usesOnlyItsFewLibraries() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.faultline..", "java..", "org.jspecify..", "org.HdrHistogram..", "org.slf4j..")
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void startsNoThreads() {
        noClasses()
                .should()
                .accessTargetWhere(
                        DescribedPredicate.describe("creates a thread or a pool", CoreArchitectureTest::startsThreads))
                .because("core has no threads of its own; whoever drives it has")
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void isDeterministic() {
        ArchitectureRules.DETERMINISTIC.check(CORE);
    }

    @Test
    void hasNoPackageCycles() {
        ArchitectureRules.NO_PACKAGE_CYCLES.check(CORE);
    }

    private static boolean startsThreads(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        if (owner.isAssignableTo(Thread.class)) {
            return access.getName().matches("<init>|of(Virtual|Platform)|startVirtualThread");
        }
        return owner.isEquivalentTo(Executors.class)
                || (owner.isAssignableTo(ExecutorService.class) && access.getName().equals("<init>"));
    }
}
