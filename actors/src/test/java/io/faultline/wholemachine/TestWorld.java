package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;

import io.faultline.embed.OpenMachine;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;

/**
 * The worlds that every whole-machine test runs in. In virtual time a run is made twice under the full safety oracle, and
 * the two must not differ in anything but wall time; on threads once, since every run is another interleaving.
 */
enum TestWorld {
    THREADS, VIRTUAL;

    static final long SEED = 0x5EED;

    World world() {
        return this == THREADS ? World.threads() : World.virtual(SEED);
    }

    /** Runs a workload on a small machine: 8 vCPUs, 1 MiB in 4 memslots, 64 pages in flight, unless told otherwise. */
    Report run(UnaryOperator<MachineSpecBuilder> configure, Workload workload) {
        Report report = world().run(spec(configure), workload);
        if (this == VIRTUAL) {
            Report again = world().run(spec(configure), workload);
            assertThat(withoutWallTime(again)).as("the same run again").isEqualTo(withoutWallTime(report));
            assertThat(report.traceHash()).as("trace hash of seed %d", SEED).isNotNull();
        }
        return report;
    }

    /** The same with a listener, once. */
    Report run(UnaryOperator<MachineSpecBuilder> configure, Workload workload, RunProgress progress) {
        return world().run(spec(configure), workload, progress);
    }

    OpenMachine open(UnaryOperator<MachineSpecBuilder> configure) {
        return world().open(spec(configure));
    }

    MachineSpec spec(UnaryOperator<MachineSpecBuilder> configure) {
        MachineSpecBuilder builder = MachineSpec.builder()
                .vcpus(8)
                .memory(MemorySize.mebibytes(1))
                .memslots(4)
                .inFlight(64)
                .seed(SEED)
                .oracle(OracleLevel.FULL);
        return configure.apply(builder).build();
    }

    static Report withoutWallTime(Report report) {
        return report.withWallNanos(0).withTimerLateNanosMax(0);
    }

    /** Every invariant held, contents were checked, and every access was made or ended in an error. */
    static void assertSound(Report report) {
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().lost()).as("faults.lost").isZero();
        assertThat(report.pages().corrupt()).as("pages.corrupt").isZero();
        assertThat(report.pages().verified()).as("pages.verified").isPositive();
        assertThat(report.flush().violations()).as("flush.violations").isZero();
        assertThat(report.accesses().done() + report.faults().failed()).as("accesses done or failed")
                .isEqualTo(report.accesses().planned());
    }

    /** Sound, and nothing went wrong on the way. */
    static void assertFlawless(Report report) {
        assertSound(report);
        assertThat(report.faults().failed()).as("faults.failed").isZero();
        assertThat(report.faults().retried()).as("faults.retried").isZero();
        assertThat(report.faults().poisoned()).as("faults.poisoned").isZero();
        assertThat(report.io().errors()).as("io.errors").isZero();
    }
}
