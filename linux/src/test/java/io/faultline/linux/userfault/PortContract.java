package io.faultline.linux.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.faultline.memory.Errno;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultPort;

/** One case of the contract as it is played on one kernel: notes down what came of each step, addresses left out. */
final class PortContract {
    static final long PAGE = TestedKernel.PAGE;

    final TestedKernel kernel;
    final UserfaultPort port;
    final List<String> notes = new ArrayList<>();

    PortContract(TestedKernel kernel) {
        this.kernel = kernel;
        this.port = kernel.newPort();
    }

    /** Plays the steps on both kernels; what they answer must be the same. */
    static void same(Consumer<PortContract> steps) {
        List<String> simulated;
        List<String> real;
        try (SimulatedKernel kernel = new SimulatedKernel()) {
            PortContract contract = new PortContract(kernel);
            steps.accept(contract);
            simulated = contract.notes;
        }
        try (RealKernel kernel = new RealKernel()) {
            PortContract contract = new PortContract(kernel);
            steps.accept(contract);
            real = contract.notes;
        }
        assertThat(real).as("the real kernel's answers").isEqualTo(simulated).isNotEmpty();
    }

    /** Registered memory. */
    long registered(boolean shared, int pages, int modes) {
        long start = kernel.map(shared, pages);
        note("register", port.register(start, pages * PAGE, modes));
        return start;
    }

    void note(String what, Object answer) {
        notes.add(what + " " + answer);
    }

    void copy(long destination, int pages, int mode) {
        note("copy", port.copy(destination, TestedKernel.numbered(pages), 0, pages * PAGE, mode));
    }

    void states(long start, int pages) {
        StringBuilder states = new StringBuilder();
        for (int page = 0; page < pages; page++) {
            long address = start + page * PAGE;
            char state = kernel.state(address);
            states.append(state);
            if (state == 'P' || state == 'W') {
                states.append(kernel.peek(address)).append(' ');
            }
        }
        note("states", states);
    }

    /** Waits for so many messages and notes them, told as offsets from an address. */
    void messages(int count, long base) {
        UserfaultMessages messages = new UserfaultMessages(64);
        while (messages.count() < count) {
            Errno errno = port.read(messages);
            if (errno != Errno.OK && errno != Errno.EAGAIN) {
                throw new AssertionError("reading messages answered " + errno);
            }
            Thread.onSpinWait();
        }
        List<String> told = new ArrayList<>();
        for (int i = 0; i < messages.count(); i++) {
            told.add(messages.isFault(i)
                    ? "fault +" + (messages.address(i) - base) + " " + messages.kind(i) + " write "
                            + messages.isWrite(i)
                    : UserfaultEvents.describe(messages.event(i)) + " +" + (messages.start(i) - base) + " to +"
                            + (messages.end(i) - base));
        }
        told.sort(null); // threads fault in no order
        note("messages", told);
    }

    void wp(long start, int pages, int mode) {
        note("writeProtect", port.writeProtect(start, pages * PAGE, mode));
    }
}
