package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;
import io.faultline.units.MemorySize;
import io.faultline.workload.AccessSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What would make two runs of one seed differ is refused in virtual time, by name, and welcome on threads. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WallClockTest {
    private static final Workload FEW = Workloads.random().accesses(100).writeRatio(0);

    /** Fills pages with zeros. */
    private static class ZeroSource implements PageSource {
        @Override
        public String name() {
            return "ours";
        }

        @Override
        public ReadResult read(long firstPage, PageBuffer destination) {
            return ReadResult.ok(destination.pages());
        }

        @Override
        public boolean blocking() {
            return false;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    /** Would be another every time it is read. */
    private static final class TimedSource extends ZeroSource {
        private long lastReadNanos;

        @Override
        public ReadResult read(long firstPage, PageBuffer destination) {
            lastReadNanos = System.nanoTime();
            return super.read(firstPage, destination);
        }

        boolean wasRead() {
            return lastReadNanos != 0;
        }
    }

    /** Asks what day it is, within a class of its own. */
    private record TodaysPages() implements Workload {
        @Override
        public String name() {
            return "todays-pages";
        }

        @Override
        public AccessSequence sequence(WorkloadShape shape, int vcpu) {
            return new AccessSequence() {
                @Override
                public boolean next() {
                    return false;
                }

                @Override
                public long page() {
                    return Instant.now().getEpochSecond() % shape.pages();
                }

                @Override
                public boolean write() {
                    return false;
                }

                @Override
                public long remaining() {
                    return 0;
                }
            };
        }
    }

    private static MachineSpec spec(PageSource source) {
        return MachineSpec.builder().vcpus(2).memory(MemorySize.mebibytes(1)).verify(false).source(source).build();
    }

    @Test
    void shouldRefuseASourceThatReadsTheWallClockAndSayWhere() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> World.virtual(1).run(spec(new TimedSource()), FEW))
                .withMessageContainingAll("page source ours", "TimedSource.read calls System.nanoTime");
    }

    @Test
    void shouldRefuseAWorkloadWhoseSequencesReadTheWallClock() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> World.virtual(1).run(spec(new ZeroSource()), new TodaysPages()))
                .withMessageContainingAll("workload todays-pages", "page calls Instant.now");
    }

    @Test
    void shouldLetASourceReadTheWallClockOnThreads() {
        TimedSource source = new TimedSource();

        Report report = World.threads().run(spec(source), FEW);

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(source.wasRead()).isTrue();
    }

    @Test
    void shouldRunWhatReadsNoClockInVirtualTime() {
        Report report = World.virtual(1).run(spec(new ZeroSource()), FEW);

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().done()).isEqualTo(100);
    }
}
