package io.faultline.linux.world;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.faultline.flush.FlushPolicies;
import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RealSpecTest {
    static Stream<Arguments> wrong() {
        return Stream.of(wrong("contents TOKENS", machine -> machine.contents(PageContents.TOKENS)),
                wrong("flush policy ring", machine -> machine.flushPolicy(FlushPolicies.ring(8))),
                wrong("safety oracle FULL", machine -> machine.oracle(OracleLevel.FULL)),
                wrong("3 CPUs", machine -> machine.cpus(3)),
                wrong("pages of 2MiB", machine -> machine.pageSize(PageSize.SIZE_2M)),
                wrong("backing SHMEM", machine -> machine.backing(Backing.SHMEM)),
                wrong("backing SHMEM", machine -> machine.minorFaults(true)),
                wrong("resolving by MOVE", machine -> machine.resolveBy(ResolveBy.MOVE)),
                wrong("evicting above 50 %", machine -> machine.evictAbovePercent(50)));
    }

    private static Arguments wrong(String named, UnaryOperator<MachineSpecBuilder> change) {
        return Arguments.of(named, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void shouldNameWhatTheKernelCannotBeAskedFor(String named, UnaryOperator<MachineSpecBuilder> change) {
        MachineSpec spec = change.apply(MachineSpec.builder()).build();

        assertThatThrownBy(() -> RealSpec.check(spec)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("in the world linux: ");
    }

    @Test
    void shouldTakeWhatAMachineIsByDefault() {
        assertThatCode(() -> RealSpec.check(MachineSpec.builder().build())).doesNotThrowAnyException();
    }
}
