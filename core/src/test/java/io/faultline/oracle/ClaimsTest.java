package io.faultline.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushContract.Staleness;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.tlb.Tlb;
import org.junit.jupiter.api.Test;

/** O5 to O7: what the oracle concludes from a policy's own doing. */
class ClaimsTest {
    private static final int ASID = 1;
    private static final long PAGE = 0x40_0000_0000L;
    private static final long END = PAGE + 4096;
    private static final long FRAME = 77;
    private static final long LATE_NANOS = 1_000_000_000;

    private final FlushDomain domain = new FlushDomain(2);
    private final Tlb tlb = new Tlb(16);
    private long now;
    private SafetyOracle oracle = SafetyOracle.OFF;
    private CpuPart cpu;
    private Initiator initiator;
    private Deferring policy;

    /** Completes at once, and settles when it is told to; its CPUs do nothing at ticks. */
    private record Deferring(FlushPolicy strict, FlushContract contract, AtomicReference<InitiatorPort> port)
            implements FlushPolicy {
        @Override
        public String name() {
            return "deferring";
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort to) {
            port.set(to);
            return new Initiator() {
                @Override
                public void request(FlushRequest request) {
                    to.complete(request);
                }

                @Override
                public void acknowledged(int who, long ticket) {}

                @Override
                public int unsettled() {
                    return 0;
                }
            };
        }

        @Override
        public CpuPart cpuPart(int number, FlushDomain domain, CpuPort to) {
            return strict.cpuPart(number, domain, to);
        }
    }

    private void run(Staleness staleness) {
        var contract = new FlushContract(EnumSet.of(ChangeKind.UNMAP), Set.of(), staleness, Set.of());
        policy = new Deferring(FlushPolicies.strict(), contract, new AtomicReference<>());
        oracle = SafetyOracle.checking(() -> now, contract, 9);
        tlb.observer(oracle.tlbObserver(0));
        var watched = oracle.watching(policy);
        initiator = watched.initiator(0, domain, new NoEffects());
        cpu = watched.cpuPart(0, domain, new NoEffects());
        cpu.switchBegins(ASID);
        cpu.switchEnds();
    }

    private FlushRequest unmap(long id) {
        return FlushRequest.of(id, ASID, ChangeKind.UNMAP, PAGE, END)
                .changed(oracle.changed(ASID, PAGE, END), now)
                .build();
    }

    private void expectOnly(Invariant invariant) {
        assertThat(oracle.violations()).extracting(Violation::invariant).containsExactly(invariant);
        assertThat(oracle.violations().getFirst().text()).startsWith(invariant + ": CPU ").endsWith("seed 9");
    }

    @Test
    void o5ShouldHoldWhenTheWalkerFlushedOrWalkedTheNewTable() {
        run(new Staleness.None());
        cpu.walk(ASID, PAGE);
        cpu.switchBegins(2);
        cpu.switchEnds();
        domain.space(ASID).advance();
        cpu.switchBegins(ASID);
        cpu.switchEnds();
        long change = oracle.sequence();
        cpu.walk(ASID, PAGE);
        oracle.tableFreed(ASID, PAGE, END, change);
        assertThat(oracle.violations()).isEmpty();
    }

    @Test
    void o5ShouldBreakWhenATableIsFreedThatACpuMayWalk() {
        run(new Staleness.None());
        cpu.walk(ASID, PAGE);
        oracle.tableFreed(ASID, PAGE, END, oracle.sequence());
        expectOnly(Invariant.O5);
    }

    @Test
    void o5ShouldBreakForAnIdleCpuWhichMayWalkSpeculatively() {
        run(new Staleness.None());
        cpu.walk(ASID, PAGE);
        cpu.idle();
        oracle.tableFreed(ASID, PAGE, END, oracle.sequence());
        expectOnly(Invariant.O5);
    }

    @Test
    void o5ShouldBreakForAPreemptedCpuOnlyWhenItWalksTheFreedTable() {
        run(new Staleness.None());
        cpu.walk(ASID, PAGE);
        cpu.preempted();
        oracle.tableFreed(ASID, PAGE, END, oracle.sequence());
        assertThat(oracle.violations()).isEmpty();
        cpu.resumed();
        cpu.walk(ASID, PAGE);
        expectOnly(Invariant.O5);
    }

    @Test
    void o7ShouldBreakWhenATranslationIsUsedAfterTheTimeDeclared() {
        run(new Staleness.Within(1000));
        tlb.fill(ASID, PAGE, 0, FRAME, true, true);
        initiator.request(unmap(1));
        now = 1000;
        oracle.accessed(0, ASID, PAGE, false);
        assertThat(oracle.violations()).isEmpty();
        now = LATE_NANOS;
        oracle.accessed(0, ASID, PAGE, false);
        expectOnly(Invariant.O7);
    }

    @Test
    void o7ShouldBreakWhenATranslationIsUsedAfterTheTicksDeclared() {
        run(new Staleness.Ticks(2));
        tlb.fill(ASID, PAGE, 0, FRAME, true, true);
        cpu.tick();
        initiator.request(unmap(1));
        now = LATE_NANOS;
        cpu.tick();
        oracle.accessed(0, ASID, PAGE, false);
        assertThat(oracle.violations()).isEmpty();
        cpu.tick();
        oracle.accessed(0, ASID, PAGE, false);
        expectOnly(Invariant.O7);
    }

    @Test
    void o7ShouldBreakWhenARequestIsNeverSettled() {
        run(new Staleness.UntilReuse());
        var settled = unmap(1);
        initiator.request(settled);
        initiator.request(unmap(2));
        policy.port().get().settled(settled);
        oracle.ended();
        expectOnly(Invariant.O7);
        assertThat(oracle.violations().getFirst().text()).contains("request 2");
    }

    private static final class NoEffects implements InitiatorPort, CpuPort {
        @Override
        public void sendIpi(int target, FlushCommand command) {}

        @Override
        public void flushSelf(int target, FlushCommand command) {}

        @Override
        public void broadcast(FlushCommand command) {}

        @Override
        public void sync(long ticket) {}

        @Override
        public boolean setFlag(int target, int expected, int flags) {
            return false;
        }

        @Override
        public void setTimer(long delayNanos, long timer) {}

        @Override
        public void settled(FlushRequest request) {}

        @Override
        public void complete(FlushRequest request) {}

        @Override
        public void release(FlushRequest request) {}

        @Override
        public void invalidate(int asid, long start, long end, int strideShift) {}

        @Override
        public void flushSpace(int asid) {}

        @Override
        public void flushAll() {}

        @Override
        public void acknowledge(int to, long ticket) {}
    }
}
