package io.faultline.linux.userfault;

import static io.faultline.linux.userfault.TestedKernel.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.memory.PageBuffer;
import io.faultline.userfault.UserfaultModes;
import io.faultline.userfault.UserfaultPort;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on both kernels at once: after each, answers, page tables and contents must be the same. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
class PortsInStepTest {
    private static final int PAGES = 12;
    private static final int STEPS = 300;

    /** One kernel with a watched range and, for MOVE, an anonymous one that nobody watches. */
    private static final class Side {
        final TestedKernel kernel;
        final UserfaultPort port;
        final long start;
        final long outside;
        final long alias;

        Side(TestedKernel kernel, boolean shared, int modes) {
            this.kernel = kernel;
            port = kernel.newPort();
            start = kernel.map(shared, PAGES);
            assertThat(port.register(start, PAGES * PAGE, modes).isOk()).isTrue();
            outside = kernel.map(false, PAGES);
            alias = shared ? kernel.alias(start) : 0;
        }

        String apply(Step step) {
            long from = start + step.offset;
            PageBuffer source = TestedKernel.numbered(PAGES);
            return switch (step.operation) {
                case 0, 1 -> "" + port.copy(from, source, step.page * PAGE, step.length, step.mode);
                case 2 -> "" + port.zeropage(from, step.length, step.mode & 1);
                case 3 -> "" + port.poison(from, step.length, step.mode & 1);
                case 4, 5 -> "" + port.writeProtect(from, step.length, step.mode);
                case 6 -> "" + port.continueMapping(from, step.length, step.mode);
                case 7 -> "" + port.move(from, outside + step.page * PAGE, step.length, step.mode);
                case 8 -> "" + port.move(from, start + step.page * PAGE, step.length, step.mode);
                case 9 -> "" + port.wake(from, step.length);
                case 10 -> poke(step);
                case 11 -> "" + port.register(from, step.length, step.mode);
                default -> throw new AssertionError(step);
            };
        }

        private String poke(Step step) {
            kernel.poke(outside + step.page * PAGE, step.value);
            if (alias != 0) {
                kernel.poke(alias + step.page * PAGE, step.value);
            }
            return "";
        }

        String memory() {
            StringBuilder memory = new StringBuilder();
            for (int page = 0; page < PAGES; page++) {
                describe(start + page * PAGE, memory);
            }
            memory.append('|');
            for (int page = 0; page < PAGES; page++) {
                describe(outside + page * PAGE, memory);
            }
            return memory.toString();
        }

        private void describe(long address, StringBuilder into) {
            char state = kernel.state(address);
            into.append(state);
            if (state == 'P' || state == 'W') {
                into.append(kernel.peek(address)).append(' ');
            }
        }
    }

    private record Step(int operation, int page, long offset, long length, int mode, long value) {
        static Step draw(Random random) {
            // Within the range: what lies behind it is the JVM's affair on the real kernel.
            int first = random.nextInt(PAGES);
            int pages = 1 + random.nextInt(Math.min(4, PAGES - first));
            long offset = first * PAGE + (random.nextInt(20) == 0 ? 8 : 0);
            long length = random.nextInt(16) == 0 ? random.nextInt(2) * 100L : pages * PAGE;
            int operation = random.nextInt(12);
            // Modes of REGISTER are added to what is there; most of the others' are valid.
            int mode = random.nextInt(20) == 0 ? random.nextInt(9) : random.nextInt(4);
            return new Step(operation, random.nextInt(PAGES - 4), offset, length, mode, random.nextInt(1000));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldStayInStepOnAnonymousMemory(long seed) {
        runBoth(seed, false, UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void shouldStayInStepOnSharedMemory(long seed) {
        int modes = UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP | UserfaultModes.REGISTER_MINOR;
        runBoth(seed, true, modes);
    }

    private static void runBoth(long seed, boolean shared, int modes) {
        Random random = new Random(seed);
        try (SimulatedKernel simulatedKernel = new SimulatedKernel(); RealKernel realKernel = new RealKernel()) {
            Side simulated = new Side(simulatedKernel, shared, modes);
            Side real = new Side(realKernel, shared, modes);
            String before = real.memory();
            for (int i = 0; i < STEPS; i++) {
                Step step = Step.draw(random);
                String expected = simulated.apply(step) + " " + simulated.memory();
                String actual = real.apply(step) + " " + real.memory();
                assertThat(actual).as("seed %d, step %d: %s on%n%s", seed, i, step, before).isEqualTo(expected);
                before = real.memory();
            }
        }
    }
}
