package io.faultline.races;

import java.util.ArrayList;
import java.util.List;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;

/**
 * Between a look at the page table and going to sleep the page may be installed and everybody woken. So whoever queues as
 * a waiter must be looked at once more while queueing, as {@code raise} does (userfaultfd_must_wait in the kernel).
 */
final class WakeLostBeforeWait implements Scenario {
    @Override
    public String name() {
        return "wake-lost-between-check-and-wait";
    }

    @Override
    public String description() {
        return "a vCPU finds a page absent, and goes to sleep on it after everybody was woken";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script first = stage.script("vcpu 0");
        Script second = stage.script("vcpu 1");
        Script handler = stage.script("handler");
        RaceMemory memory = new RaceMemory(stage, 1);
        List<Script> sleepers = new ArrayList<>();

        memory.read(first, 0);
        second.step("look at page 0", () -> {
            stage.note(memory.isPresent(0) ? "present" : "absent");
            if (memory.isPresent(0)) {
                return;
            }
            if (variant == Variant.FIXED) {
                memory.read(second, 0);
                return;
            }
            // The bug: nobody looks again once it is among the sleepers.
            second.step("sleep until it is there", () -> sleepers.add(second));
            second.await("be woken", () -> !sleepers.contains(second));
        });
        FaultLoop loop = new FaultLoop(stage, memory, handler);
        loop.resolving(page -> handler.step("install page 0", () -> {
            loop.fetch(page);
            loop.install(page);
            sleepers.clear();
        }))
                .serve();
    }
}
