package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.userfault.UserfaultMessages;

/**
 * While an event is unread every COPY answers EAGAIN, and only the handler can read it: trying the COPY again and again
 * hangs both (buildbuddy #12673, firecracker #5056, e2b #2520).
 */
final class EagainRetriedWithoutReading implements Scenario {
    @Override
    public String name() {
        return "eagain-retried-without-reading-the-event";
    }

    @Override
    public String description() {
        return "a handler repeats a COPY that answers EAGAIN and never reads the event that it waits for";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script handler = stage.script("handler");
        Script balloon = stage.script("balloon");
        RaceMemory memory = new RaceMemory(stage, 2);

        memory.read(vcpu, 0);
        switch (variant) {
            case BROKEN -> retryTheCopy(memory, handler);
            case FIXED -> new FaultLoop(stage, memory, handler).serve();
        }
        balloon.step("inflate", () -> {});
        balloon.step("choose page 1", () -> {});
        memory.giveBack(balloon, 1);
    }

    private static void retryTheCopy(RaceMemory memory, Script handler) {
        handler.background();
        handler.when("read the userfaultfd", memory::hasMessages, () -> {
            UserfaultMessages messages = memory.readMessages(4);
            for (int index = 0; index < messages.count(); index++) {
                if (messages.isFault(index)) {
                    // The bug: the event that stands against the COPY is for this same thread to read.
                    handler.spin("COPY page 0 until it works", () -> memory.copy(0, memory.fetch(0, 1), 0).isOk());
                }
            }
            retryTheCopy(memory, handler);
        });
    }
}
