package io.faultline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class LinuxArchitectureTest {
    private static final String LINUX = "io.faultline.linux..";
    private static final JavaClasses ALL = ArchitectureRules.mainClasses();

    @Test
    void isDeterministicButForTheKernel() {
        ArchitectureRules.DETERMINISTIC.check(ALL);
    }

    @Test
    void hasNoPackageCycles() {
        ArchitectureRules.NO_PACKAGE_CYCLES.check(ALL);
    }

    @Test
    void isUsedByNothingAboveIt() {
        noClasses().that()
                .resideOutsideOfPackage(LINUX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LINUX)
                .check(ALL);
    }

    @Test
    void usesOnlyWhatItsTableSays() {
        classes().that()
                .resideInAPackage(LINUX)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.faultline..", "java..", "org.jspecify..", "org.slf4j..", "org.HdrHistogram..",
                        "org.apache.pekko..", "com.typesafe.config..", "scala..")
                .check(ALL);
    }

    @Test
    void linksToNativeCodeInOnePlace() {
        noClasses().that()
                .resideOutsideOfPackage("io.faultline.linux.call")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .check(ALL);
    }

    @Test
    void makesNoSegmentOfAnAddressAndNoCriticalCall() {
        noClasses().should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "makes a segment of an address, or a critical downcall", LinuxArchitectureTest::isDangerous))
                .because(
                        "watched memory must not be touched by Java code, and a critical call that faults stops the JVM")
                .check(ALL);
    }

    @Test
    void handsOutNoSegmentOfARegion() {
        methods().that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.faultline.linux.memory")
                .and()
                .areNotPrivate()
                .should()
                .notHaveRawReturnType(MemorySegment.class)
                .check(ALL);
    }

    private static boolean isDangerous(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        return (owner.isEquivalentTo(MemorySegment.class)
                && Set.of("ofAddress", "reinterpret").contains(access.getName()))
                || (owner.isEquivalentTo(Linker.Option.class) && access.getName().equals("critical"));
    }
}
