package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.memory.Errno;
import io.faultline.userfault.UserfaultModes;

/**
 * A page that is there already need not have been woken: whoever copied it, a prefetcher say, had nobody to wake (ejc3/fcvm
 * #817 lost a vCPU once in some million faults).
 */
final class EexistTakenForWoken implements Scenario {
    @Override
    public String name() {
        return "eexist-taken-for-woken";
    }

    @Override
    public String description() {
        return "a handler whose COPY finds the page present leaves it unwoken";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script handler = stage.script("handler");
        Script prefetcher = stage.script("prefetcher");
        RaceMemory memory = new RaceMemory(stage, 1);

        memory.read(vcpu, 0);
        switch (variant) {
            case BROKEN -> copyAndForget(stage, memory, handler);
            case FIXED -> new FaultLoop(stage, memory, handler).serve();
        }
        prefetcher.step("choose page 0", () -> {});
        prefetcher.step("read it from the source", () -> {});
        prefetcher.step("COPY page 0, waking nobody", () -> {
            memory.copy(0, memory.fetch(0, 1), UserfaultModes.COPY_DONTWAKE);
        });
    }

    private static void copyAndForget(Stage stage, RaceMemory memory, Script handler) {
        handler.background();
        handler.when("read the userfaultfd", memory::hasMessages, () -> {
            memory.readMessages(1);
        });
        handler.step("COPY page 0, which wakes", () -> {
            if (memory.copy(0, memory.fetch(0, 1), 0).errno() == Errno.EEXIST) {
                stage.note("taken for woken"); // The bug: "somebody else has copied it, and so has woken".
            }
        });
    }
}
