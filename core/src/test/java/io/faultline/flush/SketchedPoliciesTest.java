package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;

import io.faultline.oracle.Invariant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interface carries policies that differ in everything: whom they spare, when they flush, when they are done. Each is
 * driven through many interleavings with the oracle watching, and each is caught when its one safety rule is removed.
 */
class SketchedPoliciesTest {
    private static final int SEEDS = 1000;
    private static final int SEEDS_TO_CATCH = 3000;

    static Stream<FlushPolicy> soundPolicies() {
        return Stream.of(FlushPolicies.strict(), FlushPolicies.strict(1), FlushPolicies.strict(0), new LazySketch(),
                new ParavirtSketch(), new LatrSketch(), FlushPolicies.ring(1),
                FlushPolicies.ring(3), FlushPolicies.ring(100), new RingPolicy(3, 1_000_000, FlushPolicies.strict(0)),
                new RingPolicy(3, 1_000_000, new LazySketch()),
                new RingPolicy(2, RingPolicy.UNTIL_FULL, new LatrSketch()));
    }

    @ParameterizedTest
    @MethodSource("soundPolicies")
    void shouldNeverViolateAnInvariant(FlushPolicy policy) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(FlushHarness.run(policy, seed)).as("%s, seed %d", policy, seed).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("soundPolicies")
    void shouldReallyBeExercised(FlushPolicy policy) {
        var harness = new FlushHarness(policy, 7);
        harness.runToEnd();
        assertThat(harness.accesses()).isGreaterThan(20);
        assertThat(harness.requests()).isGreaterThan(10);
    }

    @Test
    void shouldCatchStrictThatSkipsTheFlushWhenItFoundNothingPresent() {
        expect(new FlawedStrict() {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return new ForwardingInitiator(super.initiator(id, domain, port)) {
                    @Override
                    public void request(FlushRequest request) {
                        if (request.pagesPresent() == 0) {
                            domain.space(request.asid()).changeEnds();
                            port.finish(request);
                        } else {
                            super.request(request);
                        }
                    }
                };
            }
        }, Invariant.O1, Invariant.O4);
    }

    @Test
    void shouldCatchARangeFlushThatClaimsTheGenerationsItSkipped() {
        expect(new FlawedStrict() {
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
                };
            }
        }, Invariant.O1, Invariant.O2, Invariant.O3, Invariant.O4);
    }

    @Test
    void shouldCatchLazyThatDoesNotCountASwitchingCpu() {
        expect(new LazySketch() {
            @Override
            protected boolean isTarget(CpuWords words, int cpu, FlushRequest request) {
                return words.loaded(cpu) != CpuWords.SWITCHING && super.isTarget(words, cpu, request);
            }
        }, Invariant.O1, Invariant.O2, Invariant.O3, Invariant.O4);
    }

    @Test
    void shouldCatchLazyThatWakesWithoutComparingGenerations() {
        expect(new LazySketch() {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new LazyCpuPart(cpu, domain, port) {
                    private boolean waking;

                    @Override
                    public void idle() {
                        super.idle();
                        waking = true;
                    }

                    @Override
                    public void switchBegins(int asid) {
                        if (waking && domain.words().loaded(cpu) == asid) {
                            domain.words().clearFlags(cpu, CpuWords.LAZY);
                        } else {
                            super.switchBegins(asid);
                        }
                    }

                    @Override
                    public void switchEnds() {
                        if (domain.words().loaded(cpu) == CpuWords.SWITCHING) {
                            super.switchEnds();
                        }
                        waking = false;
                    }
                };
            }
        }, Invariant.O1, Invariant.O2, Invariant.O3, Invariant.O4);
    }

    @Test
    void shouldCatchParavirtThatEntersWithoutTheFlush() {
        expect(new ParavirtSketch() {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new PreemptibleCpuPart(cpu, domain, port) {
                    @Override
                    public void resumed() {
                        domain.words().clearFlags(cpu, CpuWords.PREEMPTED | CpuWords.FLUSH_ON_ENTRY);
                    }
                };
            }
        }, Invariant.O1, Invariant.O2, Invariant.O3, Invariant.O4);
    }

    @Test
    void shouldCatchLatrThatFreesFramesBeforeAllHaveSwept() {
        expect(new LatrSketch() {
            @Override
            protected boolean releasesAtOnce() {
                return true;
            }
        }, Invariant.O2, Invariant.O3);
    }

    @Test
    void shouldCatchLatrThatDefersWriteProtection() {
        expect(new LatrSketch() {
            @Override
            protected boolean isDeferred(FlushRequest request) {
                return super.isDeferred(request) || request.kind() == ChangeKind.PROTECT;
            }
        }, Invariant.O1, Invariant.O4);
    }

    @Test
    void shouldCatchARingThatRecyclesRangesBeforeItsFlush() {
        expect(new RecyclingRing(FlushPolicies.ring(3)), Invariant.O3);
    }

    @Test
    void shouldCatchARingThatDefersMovesOutOfTheApplication() {
        expect(new TwoWayRing(FlushPolicies.ring(3)), Invariant.O1, Invariant.O2, Invariant.O4);
    }

    private static void expect(FlushPolicy flawed, Invariant... invariants) {
        var violation = FlushHarness.firstViolation(flawed, SEEDS_TO_CATCH);
        assertThat(violation).as("a violation within %d seeds", SEEDS_TO_CATCH).isNotNull();
        assertThat(violation.invariant()).as(violation.text()).isIn((Object[]) invariants);
    }

    /** Strict, to be overridden. */
    private static class FlawedStrict implements FlushPolicy {
        private final FlushPolicy strict = FlushPolicies.strict();

        @Override
        public String name() {
            return "flawed";
        }

        @Override
        public FlushContract contract() {
            return strict.contract();
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return strict.initiator(id, domain, port);
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return strict.cpuPart(cpu, domain, port);
        }
    }
}
