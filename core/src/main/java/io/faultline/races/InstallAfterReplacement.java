package io.faultline.races;

import io.faultline.explore.Channel;
import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.ring.PageBatch;
import io.faultline.userfault.UserfaultModes;

/**
 * A handler is replaced, its work is done again by another; what the first had sent off arrives all the same. When the page
 * was written and evicted meanwhile, the late install brings its old bytes back. So every page asked for carries an attempt,
 * and an answer to another attempt than the present one is ignored.
 */
final class InstallAfterReplacement implements Scenario {
    @Override
    public String name() {
        return "install-after-the-handler-was-replaced";
    }

    @Override
    public String description() {
        return "what a replaced handler had sent off is installed over newer contents";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script memslot = stage.script("memslot");
        Script[] handlers = {stage.script("handler"), stage.script("its successor")};
        Channel[] resolve = {stage.channel(memslot, handlers[0]), stage.channel(memslot, handlers[1])};
        Channel[] install = {stage.channel(handlers[0], memslot), stage.channel(handlers[1], memslot)};
        Script machine = stage.script("machine");
        Channel replaced = stage.channel(machine, memslot);
        RaceMemory memory = new RaceMemory(stage, 1);
        FaultLoop loop = new FaultLoop(stage, memory, memslot);

        boolean[] successor = {false};
        loop.resolving(page -> {
            int handler = successor[0] ? 1 : 0;
            resolve[handler].send("page 0", () -> {
                loop.fetch(page);
                stage.note("fetches " + page.buffer(0).token(0));
                install[handler].send("install page 0", () -> install(memory, loop, page, variant));
            });
        })
                .serve();
        memory.write(vcpu, 0);
        vcpu.step("evict page 0", () -> memory.evict(0));
        memory.read(vcpu, 0);
        machine.background();
        machine.await("see the handler crash", () -> install[0].size() > 0);
        machine.step("spawn its successor", () -> {});
        machine.step("tell the memslot", () -> replaced.send("replaced", () -> {
            successor[0] = true;
            resolve[0].clear();
            loop.askAgain();
        }));
    }

    private static void install(RaceMemory memory, FaultLoop loop, PageBatch page, Variant variant) {
        if (variant == Variant.FIXED) {
            loop.install(page);
            return;
        }
        // The bug: whatever comes is installed, whoever has sent it.
        memory.copy(0, page.buffer(0), UserfaultModes.COPY_DONTWAKE);
        loop.forget(page);
        memory.wake(0);
    }
}
