package io.faultline.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

import io.faultline.machine.PageContents;
import io.faultline.workload.AccessSequence;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedWalkTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12})
    void shouldHaveEachPageReadByAsManyVcpusAsShareIt(int sharing) {
        JobShape shape = new JobShape(12, sharing, 5, PageContents.TOKENS, 1);
        Map<Long, Integer> readersByPage = new HashMap<>();
        for (int vcpu = 0; vcpu < 12; vcpu++) {
            AccessSequence walk = new SharedWalk(sharing).sequence(shape.workloadShape(), vcpu);
            while (walk.next()) {
                assertThat(walk.write()).isFalse();
                readersByPage.merge(walk.page(), 1, Integer::sum);
            }
        }
        assertThat(readersByPage).hasSize((int) shape.pages()).allSatisfy((page, readers) -> {
            assertThat(page).isBetween(0L, shape.pages() - 1);
            assertThat(readers).isEqualTo(sharing);
        });
    }
}
