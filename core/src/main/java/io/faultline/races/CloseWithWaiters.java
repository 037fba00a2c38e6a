package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.userfault.FailClosed;

/**
 * Closing a userfaultfd sets its waiters going, and the kernel gives them zero pages without a word (cloud-hypervisor #8657,
 * fcvm #739). So what is absent is poisoned before: an error, never zeros.
 */
final class CloseWithWaiters implements Scenario {
    @Override
    public String name() {
        return "close-with-waiters";
    }

    @Override
    public String description() {
        return "a userfaultfd is closed while a vCPU waits, which then reads zeros";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script handler = stage.script("handler");
        Script operator = stage.script("operator");
        RaceMemory memory = new RaceMemory(stage, 2);

        memory.read(vcpu, 0);
        new FaultLoop(stage, memory, handler).serve();
        operator.step("decide to stop", () -> {});
        operator.step("stop the vCPU if it runs", () -> {
            if (!memory.isBlocked(vcpu)) {
                vcpu.stop();
            }
        });
        operator.step("stop the handler", handler::stop);
        operator.step(variant == Variant.BROKEN ? "close" : "poison, then close", () -> {
            if (variant == Variant.BROKEN) {
                memory.port().close(); // The bug: the range is the kernel's again, and so is whoever waits.
            } else {
                var slot = memory.slot();
                FailClosed.close(memory.port(), slot.hvaStart(), slot.bytes(), memory.pageBytes());
            }
        });
    }
}
