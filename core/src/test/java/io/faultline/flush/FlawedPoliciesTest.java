package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import io.faultline.flush.Flaws.Like;
import io.faultline.oracle.Invariant;
import io.faultline.oracle.Violation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each policy with its one safety rule removed is caught by the oracle, which names the invariant. */
class FlawedPoliciesTest {
    private static final int SEEDS_TO_CATCH = 3000;

    static Stream<Arguments> flaws() {
        return Stream.of(
                arguments("strict skips the flush when it found nothing present (R3): stale access", Invariant.O1,
                        Flaws.skipping(strict(), request -> request.pagesPresent() == 0)),
                arguments("strict skips the flush of a cleared dirty bit (R3): lost write", Invariant.O8,
                        Flaws.skipping(strict(), request -> request.kind() == ChangeKind.PROTECT)),
                arguments("strict skips write protection (R2): save beside a writer", Invariant.O4,
                        Flaws.skipping(strict(), request -> request.kind() == ChangeKind.PROTECT)),
                arguments("a range flush claims the generations that it skipped (R7)", Invariant.O6, overclaiming()),
                arguments("concurrent does not wait for its own flush", Invariant.O1,
                        Flaws.forgettingItself(parse("concurrent"))),
                arguments("reclaim-batch frees frames before its flush", Invariant.O2,
                        Flaws.recycling(parse("reclaim-batch:4"))),
                arguments("reclaim-batch lets who finds nothing pass (R2)", Invariant.O1,
                        Flaws.skipping(parse("reclaim-batch:4"), request -> request.pagesPresent() == 0)),
                arguments("lazy does not count a CPU that is switching (R5)", Invariant.O1, lazyWithoutSwitching()),
                arguments("lazy spares idle CPUs when tables are freed", Invariant.O5, lazyWithFreedTables()),
                arguments("lazy wakes without comparing generations", Invariant.O1, lazyWithoutComparing()),
                arguments("broadcast completes before it is synchronised", Invariant.O1,
                        Flaws.notSynchronising(parse("broadcast"))),
                arguments("broadcast leaves its CPU without synchronising", Invariant.O1, departingBroadcast()),
                arguments("paravirt enters the guest without the flush", Invariant.O1, paravirtWithoutEntryFlush()),
                arguments("latr frees frames before all have swept", Invariant.O2, Flaws.recycling(parse("latr:4"))),
                arguments("latr defers write protection", Invariant.O4,
                        Flaws.disguising(parse("latr:4"), request -> request.kind() == ChangeKind.PROTECT
                                ? Flaws.copy(request, ChangeKind.UNMAP).build()
                                : request)),
                arguments("latr does not sweep at ticks", Invariant.O7, latrWithoutTicks()),
                arguments("access-tracking notes no walks", Invariant.O1, forgettingWalks()),
                arguments("access-tracking trusts accessed bits that were cleared without a flush", Invariant.O1,
                        Flaws.disguising(parse("access-tracking"),
                                request -> request.direction() != Direction.NONE ? request
                                        : Flaws.copy(request, request.kind()).pagesAccessed(0).build())),
                arguments("early-ack acknowledges before tables that were freed are left (R8)", Invariant.O5,
                        ackingFreedTables()),
                arguments("luf defers writable pages", Invariant.O1,
                        Flaws.disguising(parse("luf"), request -> request.kind() == ChangeKind.UNMAP
                                ? Flaws.copy(request, ChangeKind.UNMAP).pagesWritable(0).build()
                                : request)),
                arguments("luf lets something become writable beside stale readers", Invariant.O1,
                        Flaws.skipping(parse("luf"), request -> request.kind() == ChangeKind.INSTALL)),
                arguments("luf lets frames leave the allocator unflushed", Invariant.O2,
                        Flaws.recycling(parse("luf"))),
                arguments("flush-queue frees before the flush that began later", Invariant.O2,
                        Flaws.recycling(parse("flush-queue:4"))),
                arguments("per-call completes before the call's end", Invariant.O1,
                        Flaws.completingAtOnce(parse("per-call"))),
                arguments("pipelined frees a batch before its own acknowledgements", Invariant.O2,
                        Flaws.recycling(parse("pipelined:4"))),
                arguments("ring recycles ranges before its flush (R9)", Invariant.O3,
                        Flaws.recycling(parse("ring:3"))),
                arguments("clairvoyant does not hear who holds what", Invariant.O1,
                        Flaws.rehearsed(parse("clairvoyant:staleness=0ns"), Flaws::deafToTlbs)),
                arguments("clairvoyant frees frames before those who hold them have dropped them", Invariant.O2,
                        Flaws.rehearsed(parse("clairvoyant"), Flaws::recycling)),
                arguments("ring defers moves out of the application (R9)", Invariant.O4,
                        Flaws.disguising(parse("ring:3"), request -> request.direction() == Direction.OUT_OF_APP
                                ? Flaws.copy(request, ChangeKind.MOVE).direction(Direction.INTO_APP).build()
                                : request)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flaws")
    void shouldBeCaught(String flaw, Invariant invariant, FlushPolicy policy) {
        Set<Invariant> seen = EnumSet.noneOf(Invariant.class);
        for (long seed = 1; seed <= SEEDS_TO_CATCH; seed++) {
            for (Violation violation : FlushHarness.run(policy, seed)) {
                assertThat(violation.seed()).isEqualTo(seed);
                seen.add(violation.invariant());
            }
            if (seen.contains(invariant)) {
                return;
            }
        }
        assertThat(seen).as("%s, within %d seeds", flaw, SEEDS_TO_CATCH).contains(invariant);
    }

    private static FlushPolicy strict() {
        return FlushPolicies.strict();
    }

    private static FlushPolicy parse(String text) {
        return FlushPolicies.parse(text);
    }

    private static FlushPolicy overclaiming() {
        return new Like(strict()) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    private long flushedTo;

                    @Override
                    public void ipi(FlushCommand command) {
                        if (command.generation() > flushedTo) {
                            port.invalidate(command.asid(), command.start(), command.end(), command.strideShift());
                            flushedTo = command.generation();
                        }
                        port.acknowledge(command.initiator(), command.ticket());
                    }

                    @Override
                    public long localGeneration(int asid) {
                        return Math.max(flushedTo, super.localGeneration(asid));
                    }
                };
            }
        };
    }

    private static FlushPolicy lazySparing(boolean switchingToo, boolean freedTablesToo) {
        return new Like(parse("lazy")) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return new SparingInitiator(strict(), id, domain, port, (cpu, command) -> {
                    boolean switching = domain.words().loaded(cpu) == CpuWords.SWITCHING;
                    boolean lazy = domain.words().isLazy(cpu);
                    return LazyPolicy.spares(domain.words(), cpu, command)
                            || (switchingToo && switching && !command.tablesFreed())
                            || (freedTablesToo && lazy);
                });
            }
        };
    }

    private static FlushPolicy lazyWithoutSwitching() {
        return lazySparing(true, false);
    }

    private static FlushPolicy lazyWithFreedTables() {
        return lazySparing(false, true);
    }

    private static FlushPolicy lazyWithoutComparing() {
        return new Like(parse("lazy")) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    private boolean idle;
                    private boolean waking;

                    @Override
                    public void idle() {
                        super.idle();
                        idle = true;
                    }

                    @Override
                    public void switchBegins(int asid) {
                        waking = idle && domain.words().loaded(cpu) == asid;
                        idle = false;
                        if (waking) {
                            domain.words().clearFlags(cpu, CpuWords.LAZY);
                        } else {
                            super.switchBegins(asid);
                        }
                    }

                    @Override
                    public void switchEnds() {
                        if (!waking) {
                            super.switchEnds();
                        }
                    }
                };
            }
        };
    }

    private static FlushPolicy departingBroadcast() {
        return new Like(parse("broadcast")) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return new ForwardingInitiator(super.initiator(id, domain, port)) {
                    @Override
                    public void departing() {}
                };
            }

            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return super.cpuPart(cpu, domain, new ForwardingCpuPort(port) {
                    @Override
                    public void syncBroadcasts() {}
                });
            }
        };
    }

    private static FlushPolicy paravirtWithoutEntryFlush() {
        return new Like(parse("paravirt")) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    @Override
                    public void resumed() {
                        domain.words().clearFlags(cpu, CpuWords.FLUSH_ON_ENTRY);
                        super.resumed();
                    }
                };
            }
        };
    }

    private static FlushPolicy latrWithoutTicks() {
        return new Like(parse("latr:4")) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    @Override
                    public void tick() {}
                };
            }
        };
    }

    private static FlushPolicy forgettingWalks() {
        return new Like(parse("access-tracking")) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    @Override
                    public void walk(int asid, long address) {}
                };
            }
        };
    }

    private static FlushPolicy ackingFreedTables() {
        return new Like(parse("early-ack")) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    @Override
                    public void ipiEntered(FlushCommand command) {
                        super.ipiEntered(command);
                        port.acknowledge(command.initiator(), command.ticket());
                    }
                };
            }
        };
    }
}
