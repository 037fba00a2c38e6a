package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.embed.OpenWorld;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.source.PageSources;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.world.internal.ForeignThreadError;
import org.junit.jupiter.api.Test;

/** Stepping by conditions, several machines in one world, and what may not reach into either. */
class OpenWorldTest {
    private static final long SEED = 21;

    @Test
    void shouldRunUntilAConditionHoldsAndNoFurther() {
        try (OpenMachine machine = World.virtual(SEED).open(spec(100_000))) {
            List<Long> doneNanos = new ArrayList<>();
            for (int vcpu = 0; vcpu < 4; vcpu++) {
                machine.access(vcpu, vcpu * 4096L, Access.READ, _ -> doneNanos.add(machine.nowNanos()));
                machine.advanceTo(machine.nowNanos() + 10_000);
            }

            assertThat(machine.runUntil(() -> doneNanos.size() == 2)).isTrue();
            assertThat(doneNanos).containsExactly(100_000L, 110_000L);
            assertThat(machine.nowNanos()).isEqualTo(110_000);

            assertThat(machine.runUntil(() -> doneNanos.size() == 4, 125_000)).as("in time").isFalse();
            assertThat(doneNanos).hasSize(3);
            assertThat(machine.nextEventNanos()).isEqualTo(130_000);

            assertThat(machine.runUntil(() -> false)).as("ever").isFalse();
            assertThat(doneNanos).hasSize(4);
        }
    }

    @Test
    void shouldRefuseToBeRunFromACallback() {
        try (OpenMachine machine = World.virtual(SEED).open(spec(0))) {
            List<Throwable> thrown = new ArrayList<>();
            machine.access(0, 0, Access.READ, _ -> {
                thrown.add(thrownBy(machine::runUntilIdle));
                thrown.add(thrownBy(() -> machine.advanceTo(machine.nowNanos() + 1)));
                thrown.add(thrownBy(() -> machine.runUntil(() -> true)));
                thrown.add(thrownBy(machine::report));
            });
            machine.runUntilIdle();
            assertThat(thrown).hasSize(4)
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("cannot be run from within, by actor pekko://faultline/user"));
        }
    }

    @Test
    void shouldShareTheClockBetweenTheMachinesOfAWorld() {
        List<String> order = new ArrayList<>();
        try (OpenWorld world = World.virtual(SEED).open()) {
            OpenMachine slow = world.open(spec(90_000));
            OpenMachine fast = world.open(spec(20_000));
            slow.access(0, 0, Access.READ, _ -> order.add("slow at " + world.nowNanos()));
            fast.access(0, 0, Access.READ, _ -> {
                order.add("fast at " + world.nowNanos());
                fast.access(0, 4096, Access.WRITE, _ -> order.add("fast again at " + fast.nowNanos()));
            });
            assertThat(world.nextEventNanos()).isZero();
            fast.advanceTo(30_000);
            assertThat(slow.nowNanos()).isEqualTo(30_000);
            assertThat(order).containsExactly("fast at 20000");
            world.runUntilIdle();
            assertThat(order).containsExactly("fast at 20000", "fast again at 40000", "slow at 90000");
            assertThat(slow.report().accesses().done()).isEqualTo(1);
            assertThat(fast.report().accesses().done()).isEqualTo(2);
        }
    }

    @Test
    void shouldGiveOneTraceOfAllMachinesForOneSeed() {
        String first = traceOfThree(Schedule.random(), SEED);
        assertThat(traceOfThree(Schedule.random(), SEED)).isEqualTo(first);
        assertThat(traceOfThree(Schedule.random(), SEED + 1)).isNotEqualTo(first);
        assertThat(traceOfThree(Schedule.pct(3, 1_000), SEED)).isEqualTo(traceOfThree(Schedule.pct(3, 1_000), SEED));
    }

    private static String traceOfThree(Schedule schedule, long seed) {
        try (OpenWorld world = World.virtual(seed).schedule(schedule).open()) {
            List<OpenMachine> machines = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                machines.add(world.open(spec(1_000L * i)));
            }
            for (OpenMachine machine : machines) {
                for (int vcpu = 0; vcpu < 4; vcpu++) {
                    machine.access(vcpu, vcpu * 8192L, Access.WRITE, _ -> {});
                }
            }
            world.advanceTo(1_000_000);
            Report report = machines.getFirst().report();
            assertThat(report.brokenInvariants()).isEmpty();
            return String.valueOf(report.traceHash());
        }
    }

    @Test
    void shouldCloseOneMachineAndLeaveTheOthers() {
        try (OpenWorld world = World.virtual(SEED).open()) {
            OpenMachine leaving = world.open(spec(50_000));
            OpenMachine staying = world.open(spec(50_000));
            List<String> told = new ArrayList<>();
            leaving.access(0, 0, Access.READ, _ -> told.add("leaving"));
            staying.access(0, 0, Access.READ, _ -> told.add("staying"));
            world.advanceTo(10_000);
            leaving.close();
            assertThat(world.nowNanos()).as("closing takes no time").isEqualTo(10_000);
            world.runUntilIdle();
            assertThat(told).containsExactly("staying");
            assertThatThrownBy(leaving::report).isInstanceOf(IllegalStateException.class);
            assertThat(staying.report().faults().resolved()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepAWorldWhoseMachineCouldNotBeBuiltOrBroke() {
        try (OpenWorld world = World.virtual(SEED).open()) {
            MachineSpec impossible = MachineSpec.builder()
                    .vcpus(1)
                    .memory(MemorySize.mebibytes(1))
                    .source(_ -> {
                        throw new InvalidInputException("there is no such image");
                    })
                    .build();
            assertThatThrownBy(() -> world.open(impossible)).hasMessage("there is no such image");
            OpenMachine machine = world.open(spec(0));
            machine.access(0, 0, Access.READ, _ -> {});
            world.runUntilIdle();
            assertThat(machine.report().faults().resolved()).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseEverythingOnceClosed() {
        OpenWorld world = World.virtual(SEED).open();
        world.close();
        world.close();
        assertThatThrownBy(() -> world.open(spec(0))).hasMessage("the world is closed");
        assertThatThrownBy(world::runUntilIdle).hasMessage("the world is closed");
    }

    @Test
    void shouldFailWhenASourcesOwnThreadReachesTheMachine() {
        List<OpenMachine> itself = new ArrayList<>();
        MachineSpec machine = MachineSpec.builder()
                .vcpus(2)
                .memory(MemorySize.mebibytes(1))
                .source(new RecordingSource(false) {
                    @Override
                    ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
                        Thread meddler = Thread.ofPlatform()
                                .name("meddler")
                                .uncaughtExceptionHandler((_, _) -> {})
                                .start(() -> itself.getFirst().access(1, 0, Access.READ, _ -> {}));
                        join(meddler);
                        return super.answer(firstPage, destination, earlier);
                    }
                })
                .build();
        OpenMachine open = World.virtual(SEED).open(machine);
        itself.add(open);
        open.access(0, 0, Access.READ, _ -> {});
        assertThatThrownBy(open::runUntilIdle)
                .isInstanceOf(ForeignThreadError.class)
                .hasMessageContainingAll("thread \"meddler\"", "access of an open machine");
        open.close();
    }

    @Test
    void shouldReadABlockingSourceOnTheLoop() {
        List<Thread> readers = new ArrayList<>();
        MachineSpec machine = MachineSpec.builder()
                .vcpus(1)
                .memory(MemorySize.mebibytes(1))
                .source(new RecordingSource(true) {
                    @Override
                    ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
                        readers.add(Thread.currentThread());
                        return super.answer(firstPage, destination, earlier);
                    }
                })
                .build();
        try (OpenMachine open = World.virtual(SEED).open(machine)) {
            open.access(0, 0, Access.READ, _ -> {});
            open.runUntilIdle();
        }
        assertThat(readers).isNotEmpty().containsOnly(Thread.currentThread());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    private static Throwable thrownBy(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException thrown) {
            return thrown;
        }
        throw new AssertionError("nothing was thrown");
    }

    private static MachineSpec spec(long latencyNanos) {
        return MachineSpec.builder()
                .vcpus(4)
                .memory(MemorySize.mebibytes(1))
                .memslots(2)
                .source(PageSources.synthetic())
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(latencyNanos))
                .build();
    }
}
