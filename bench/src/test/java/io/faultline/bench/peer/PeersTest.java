package io.faultline.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.machine.PageContents;
import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written peers throw when a read was wrong or missing, so a run that ends was right. */
@Timeout(60)
class PeersTest {
    private static final int ACCESSES_PER_VCPU = 50;

    static Stream<JobShape> shapes() {
        return Stream.of(new JobShape(64, 1, ACCESSES_PER_VCPU, PageContents.TOKENS, 8),
                new JobShape(64, 4, ACCESSES_PER_VCPU, PageContents.TOKENS, 8),
                new JobShape(64, 64, ACCESSES_PER_VCPU, PageContents.BYTES, 1));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHaveEveryPoolReadEveryPage(JobShape shape) throws Exception {
        for (ExecutorPeer.Pool pool : ExecutorPeer.Pool.values()) {
            assertDone(new ExecutorPeer(shape, pool), shape);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldHaveVirtualThreadsReadEveryPage(JobShape shape) throws Exception {
        assertDone(new VirtualThreadPeer(shape), shape);
    }

    private static void assertDone(Contender peer, JobShape shape) throws Exception {
        Work work = peer.runOnce();
        assertThat(work.accesses()).isEqualTo(64 * ACCESSES_PER_VCPU);
        assertThat(work.faults()).isBetween(shape.pages(), shape.accesses());
        assertThat(work.haltedNanos()).isPositive();
        assertThat(work.nanos()).isPositive();
    }

    @Test
    void shouldTurnEveryRingAsOftenAsAsked() throws Exception {
        Work work = new BareRings(16, 100).runOnce();
        assertThat(work.accesses()).isEqualTo(1_600);
        assertThat(work.faults()).isEqualTo(1_600);
    }

    /** More vCPUs than memslots, as many, and fewer. */
    @ParameterizedTest
    @ValueSource(ints = {1, 64, 200})
    void shouldHaltAndResumeEveryVcpuAsOftenAsAsked(int vcpus) throws Exception {
        Work work = new BareHalts(vcpus, 100).runOnce();
        assertThat(work.accesses()).isEqualTo(100L * vcpus);
        assertThat(work.faults()).isEqualTo(100L * vcpus);
    }

    @Test
    void shouldRefuseGroupsThatDoNotComeOutEven() {
        assertThatThrownBy(() -> new JobShape(10, 4, 1, PageContents.TOKENS, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("10")
                .hasMessageContaining("multiple of the 4");
    }
}
