package io.faultline.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

class ActorsArchitectureTest {
    private static final JavaClasses CORE_AND_ACTORS = ArchitectureRules.mainClasses();

    @Test
    void isDeterministic() {
        ArchitectureRules.DETERMINISTIC.check(CORE_AND_ACTORS);
    }

    @Test
    void hasNoPackageCycles() {
        ArchitectureRules.NO_PACKAGE_CYCLES.check(CORE_AND_ACTORS);
    }
}
