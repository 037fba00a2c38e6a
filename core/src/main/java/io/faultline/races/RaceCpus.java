package io.faultline.races;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.faultline.explore.Breach;
import io.faultline.explore.Channel;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.oracle.SafetyOracle;
import io.faultline.oracle.Violation;
import io.faultline.tlb.Tlb;
import org.jspecify.annotations.Nullable;

/**
 * CPUs with TLBs and threads that ask for flushes, under a real flush policy: each interrupt and each acknowledgement is a
 * message of its own, delivered at any moment, and the safety oracle judges every step.
 */
final class RaceCpus {
    /** The address space everybody is in. */
    static final int ASID = 0;

    private static final int TLB_ENTRIES = 64;
    private static final int PAGE_SHIFT = 12;

    private final Stage stage;
    private final FlushPolicy policy;
    private final SafetyOracle oracle;
    private final FlushDomain domain;
    private final List<Cpu> cpus = new ArrayList<>();
    private final List<Flusher> flushers = new ArrayList<>();
    private long requests;

    /** CPUs are added before flushers, flushers before the first step. */
    RaceCpus(Stage stage, FlushPolicy tried, int cpus) {
        this.stage = stage;
        oracle = SafetyOracle.checking(stage.clock(), tried.contract());
        policy = oracle.watching(tried);
        domain = new FlushDomain(cpus);
        for (int number = 0; number < cpus; number++) {
            this.cpus.add(new Cpu(number, stage.script("CPU " + number).background()));
        }
        stage.judge(this::breach);
    }

    private @Nullable Breach breach() {
        List<Violation> violations = oracle.violations();
        return violations.isEmpty() ? null : breach(violations.getFirst());
    }

    /** Not the violation's own text: its seed is that of a machine, and the explorer names the one that counts. */
    private static Breach breach(Violation found) {
        return new Breach(found.invariant().name(), String.format(Locale.ROOT, "%s; CPUs %s, page %d, frame %d",
                found.invariant().description(), found.cpus(), found.page() >>> PAGE_SHIFT, found.frame()));
    }

    /** A thread, on a CPU that is not modelled, that changes entries and asks for their flush. */
    Flusher flusher(String name) {
        Flusher flusher = new Flusher(flushers.size(), stage.script(name));
        flushers.add(flusher);
        return flusher;
    }

    Cpu cpu(int number) {
        return cpus.get(number);
    }

    /** A CPU that runs in the address space. */
    final class Cpu implements CpuPort {
        private final Script script;
        private final int number;
        private final Tlb tlb = new Tlb(TLB_ENTRIES);
        private final CpuPart part;

        private Cpu(int number, Script script) {
            this.number = number;
            this.script = script;
            tlb.observer(oracle.tlbObserver(number));
            part = policy.cpuPart(number, domain, this);
            part.switchBegins(ASID);
            part.switchEnds();
        }

        /** Has it cached a writable translation before the race begins. */
        void cached(long page) {
            tlb.fill(ASID, page << PAGE_SHIFT, 0, page, true, true);
        }

        @Override
        public void invalidate(int asid, long start, long end, int strideShift) {
            stage.note("INVLPG");
            tlb.invalidate(asid, start, end);
        }

        @Override
        public void flushSpace(int asid) {
            stage.note("flushes everything");
            tlb.flushSpace(asid);
        }

        @Override
        public void flushAll() {
            tlb.flushAll();
        }

        @Override
        public void acknowledge(int initiator, long ticket) {
            flushers.get(initiator).acknowledgements.get(number)
                    .send("done", () -> flushers.get(initiator).part.acknowledged(number, ticket));
        }
    }

    /** Drives an initiator part. */
    final class Flusher implements InitiatorPort {
        private final Script script;
        private final List<Channel> interrupts = new ArrayList<>();
        private final List<Channel> acknowledgements = new ArrayList<>();
        private final Initiator part;
        private boolean complete;

        private Flusher(int id, Script script) {
            this.script = script;
            for (Cpu cpu : cpus) {
                interrupts.add(stage.channel(script, cpu.script));
                acknowledgements.add(stage.channel(cpu.script, script));
            }
            part = policy.initiator(id, domain, this);
        }

        /** Unmaps pages, asks for the flush, and waits for it, as the next steps. */
        void unmap(long firstPage, long endPage) {
            long start = firstPage << PAGE_SHIFT;
            long end = endPage << PAGE_SHIFT;
            script.step("unmap pages " + firstPage + " to " + (endPage - 1), () -> {
                domain.space(ASID).changeBegins();
                long change = oracle.changed(ASID, start, end);
                script.step("ask for the flush", () -> part.request(
                        FlushRequest.of(++requests, ASID, ChangeKind.UNMAP, start, end)
                                .pagesPresent(endPage - firstPage)
                                .synchronous()
                                .changed(change, stage.clock().nanos())
                                .build()));
                script.await("flushed", () -> complete);
            });
        }

        @Override
        public void sendIpi(int cpu, FlushCommand command) {
            interrupts.get(cpu).send("flush to generation " + command.generation(), () -> {
                cpus.get(cpu).part.ipiEntered(command);
                cpus.get(cpu).part.ipi(command);
            });
        }

        @Override
        public void flushSelf(int cpu, FlushCommand command) {
            throw new IllegalStateException("the thread's own CPU is not modelled");
        }

        @Override
        public void broadcast(FlushCommand command) {
            throw new IllegalStateException("no broadcasts here");
        }

        @Override
        public void sync(long ticket) {
            throw new IllegalStateException("no broadcasts here");
        }

        @Override
        public boolean setFlag(int cpu, int expected, int flags) {
            return domain.words().compareAndSetFlags(cpu, expected, flags);
        }

        @Override
        public void setTimer(long delayNanos, long timer) {
            throw new IllegalStateException("no timers here");
        }

        @Override
        public void settled(FlushRequest request) {}

        @Override
        public void complete(FlushRequest request) {
            complete = true;
        }

        @Override
        public void release(FlushRequest request) {}
    }
}
