package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.FlushCommand;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.AccessSequence;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** vCPU 1 of a machine with pages 0 to 15; the test plays the memslots. */
class VCpuTest {
    private final TestRing ring = new TestRing(TestRing.spec().build());
    private final ActorRef<VCpu.Command> vcpu = ring.spawn(VCpu.create(ring.parts, 1));
    private final List<AccessResult> results = new ArrayList<>();

    @AfterEach
    void close() {
        ring.close();
    }

    private void access(long gpa, boolean write) {
        ring.tell(vcpu, new VCpu.Access(gpa, write, results::add));
    }

    private void resume(boolean failed) {
        long now = ring.now();
        ring.tell(vcpu, new VCpu.Resume(0, FaultKind.MISSING, failed, now, now, now, now));
    }

    private Memslot.Fault fault(int memslot) {
        return ring.memslots.get(memslot).takeOne(Memslot.Fault.class);
    }

    /** Maps a page as a memslot would, behind its back. */
    private void map(int memslot, long page) {
        MemslotParts parts = ring.parts.memslotParts(memslot);
        assertThat(parts.port().zeropage(parts.pages().hvaOfPage(page), 4096, 0).isOk()).isTrue();
        parts.stage().map(page << 12, true);
    }

    /** Every page in turn, as often as asked. */
    private static AccessSequence sequence(long accesses, long firstPage) {
        return new AccessSequence() {
            private long made;

            @Override
            public boolean next() {
                return made++ < accesses;
            }

            @Override
            public long page() {
                return firstPage;
            }

            @Override
            public boolean write() {
                return false;
            }

            @Override
            public long remaining() {
                return accesses - made;
            }
        };
    }

    @Test
    void shouldHaltOnAFaultAndMakeTheAccessWhenResumed() {
        ring.pass(50);
        access(9 * 4096 + 7, true);
        assertThat(fault(1)).isEqualTo(new Memslot.Fault(1, 9, true, 50));
        assertThat(results).isEmpty();
        map(1, 9);
        ring.pass(100);
        assertThat(results).isEmpty();

        resume(false);

        assertThat(results).containsExactly(new AccessResult(1, 9 * 4096 + 7, true, false, 100));
        assertThat(ring.parts.shards().sum(VcpuShard.RAISED)).isEqualTo(1);
        assertThat(ring.parts.shards().sum(VcpuShard.RESOLVED)).isEqualTo(1);
        assertThat(ring.parts.shards().sum(VcpuShard.ACCESSES)).isEqualTo(1);
    }

    @Test
    void shouldFaultAgainWhenResumedTooEarly() {
        access(0, false);
        fault(0);

        resume(false);

        fault(0);
        assertThat(results).isEmpty();
        assertThat(ring.parts.shards().sum(VcpuShard.RAISED)).isEqualTo(2);
    }

    @Test
    void shouldIgnoreAResumeItDoesNotWaitFor() {
        map(0, 0);
        resume(false);
        resume(true);
        access(0, false);
        resume(true);

        assertThat(results).extracting(AccessResult::failed).containsExactly(false);
        assertThat(ring.parts.shards().sum(VcpuShard.RESOLVED)).isZero();
        assertThat(ring.parts.counters().failed.sum()).isZero();
    }

    @Test
    void shouldEndAnAccessAsFailedWhenItIsTold() {
        map(0, 1);
        access(0, false);
        access(4096, false);

        resume(true);

        assertThat(results).extracting(AccessResult::gpa, AccessResult::failed)
                .containsExactly(tuple(0L, true),
                        tuple(4096L, false));
        assertThat(ring.parts.counters().failed.sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {16 * 4096, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 48, 1L << 60})
    void shouldFailAnAccessOutsideTheMemoryAndGoOn(long gpa) {
        map(0, 0);
        access(gpa, true);
        access(0, false);

        assertThat(results).extracting(AccessResult::gpa, AccessResult::failed)
                .containsExactly(tuple(gpa, true),
                        tuple(0L, false));
        assertThat(ring.parts.counters().failed.sum()).isEqualTo(1);
        assertThat(ring.parts.shards().sum(VcpuShard.RAISED)).isEqualTo(1);
        assertThat(ring.isDead(vcpu)).isFalse();
    }

    @Test
    void shouldAnswerAnInterruptWhileItIsHalted() {
        access(0, false);
        fault(0);

        interrupt(FlushCommand.full(0, 42, MachineParts.GUEST_ASID, 2, false));

        TlbShootdown.Answered answer = ring.shootdown.takeOne(TlbShootdown.Answered.class);
        assertThat(answer.cpu()).isEqualTo(1);
        assertThat(answer.tickets()).containsExactly(42);
        assertThat(results).isEmpty();
    }

    @Test
    void shouldDoAllThatAnInterruptAsksAndAnswerOnce() {
        interrupt(FlushCommand.full(0, 42, MachineParts.GUEST_ASID, 2, false),
                FlushCommand.full(0, 41, MachineParts.GUEST_ASID, 3, false),
                FlushCommand.full(0, 43, MachineParts.GUEST_ASID, 4, false));

        assertThat(ring.shootdown.takeOne(TlbShootdown.Answered.class).tickets()).containsExactly(42, 41, 43);
    }

    private void interrupt(FlushCommand... commands) {
        for (FlushCommand command : commands) {
            ring.parts.cpus().interrupts().add(1, command);
        }
        ring.tell(vcpu, VCpu.Interrupt.INSTANCE);
    }

    @Test
    void shouldUseATranslationUntilAnInterruptTakesIt() {
        map(0, 0);
        access(0, false);
        ring.parts.memslotParts(0).takenBack().begin();
        ring.parts.memslotParts(0).stage().zap(0, 4096);
        access(0, false);
        assertThat(results).as("stale, as on hardware").hasSize(2);

        ring.parts.flushDomain().space(MachineParts.GUEST_ASID).advance();
        interrupt(FlushCommand.full(0, 1, MachineParts.GUEST_ASID, 2, false));
        access(0, false);

        fault(0);
        assertThat(results).hasSize(2);
    }

    @Test
    void shouldAcknowledgeABroadcast() {
        ring.tell(vcpu, new VCpu.Invalidate(FlushCommand.full(0, 0, MachineParts.GUEST_ASID, 0, false), 9));

        assertThat(ring.shootdown.takeOne(TlbShootdown.Invalidated.class).broadcast()).isEqualTo(9);
    }

    @Test
    void shouldTellTheMachineWhenItsWorkloadHasEnded() {
        map(0, 0);
        ring.tell(vcpu, new VCpu.Start(sequence(100, 0)));

        assertThat(ring.machine.takeOne(VirtualMachine.VCpuFinished.class).vcpu()).isEqualTo(1);
        assertThat(ring.parts.shards().sum(VcpuShard.ACCESSES)).isEqualTo(100);
    }

    @Test
    void shouldBeginNoFurtherAccessOnceStopped() {
        ring.tell(vcpu, new VCpu.Start(sequence(Long.MAX_VALUE, 0)));
        fault(0);
        ring.tell(vcpu, VCpu.Stop.INSTANCE);
        ring.machine.wasToldNothing();
        map(0, 0);

        resume(false);

        ring.machine.takeOne(VirtualMachine.VCpuFinished.class);
        assertThat(ring.parts.shards().sum(VcpuShard.ACCESSES)).as("the one it was halted in").isEqualTo(1);
    }

    @Test
    void shouldFailWhatWaitedForAMemslotThatDiedAndNothingElse() {
        access(0, false);
        replaceMemslot(1);
        assertThat(results).isEmpty();

        replaceMemslot(0);
        ring.tell(vcpu, new VCpu.MemslotReplaced(0));

        assertThat(results).extracting(AccessResult::failed).containsExactly(true);
        assertThat(ring.parts.counters().failed.sum()).isEqualTo(1);
    }

    private void replaceMemslot(int memslot) {
        ring.parts.memslots().replace(memslot, ring.<Memslot.Command>recorder().ref());
        ring.tell(vcpu, new VCpu.MemslotReplaced(memslot));
    }

    /** Failed, it would go on, and its fault be one more that the successor waits for on behalf of nobody. */
    @Test
    void shouldGoOnWaitingWhenItHasAskedTheSuccessorAlready() {
        Recorder<Memslot.Command> successor = ring.recorder();
        ring.parts.memslots().replace(0, successor.ref());
        access(0, false);
        assertThat(successor.takeOne(Memslot.Fault.class).page()).isZero();

        ring.tell(vcpu, new VCpu.MemslotReplaced(0));

        assertThat(results).isEmpty();
        map(0, 0);
        resume(false);
        assertThat(results).extracting(AccessResult::failed).containsExactly(false);
    }

    @Test
    void shouldTellTheMachineWhenItDies() {
        map(0, 0);
        ring.tell(vcpu, new VCpu.Access(0, false, _ -> {
            throw new IllegalStateException("injected");
        }));

        VirtualMachine.VCpuFailed failed = ring.machine.takeOne(VirtualMachine.VCpuFailed.class);
        assertThat(failed.vcpu()).isEqualTo(1);
        assertThat(failed.cause()).hasMessage("injected");
        assertThat(ring.isDead(vcpu)).isTrue();
    }
}
