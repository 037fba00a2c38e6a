package io.faultline.races;

import io.faultline.explore.Channel;
import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.memory.PageBuffer;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;

/**
 * What is being fetched when a page is given back is out of date when it arrives: installed all the same, the page holds
 * what its owner was told is gone. So a REMOVE begins a new attempt for every page under way in its range.
 */
final class StalePageAfterRemove implements Scenario {
    @Override
    public String name() {
        return "stale-source-page-after-a-remove";
    }

    @Override
    public String description() {
        return "a page fetched before a REMOVE is installed after it";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script memslot = stage.script("memslot");
        Script fetcher = stage.script("fetcher");
        Script balloon = stage.script("balloon");
        Channel fetch = stage.channel(memslot, fetcher);
        Channel fetched = stage.channel(fetcher, memslot);
        RaceMemory memory = new RaceMemory(stage, 1);

        memory.read(vcpu, 0);
        memory.read(vcpu, 0);
        balloon.step("inflate", () -> {});
        balloon.step("choose page 0", () -> {});
        balloon.step("ask the guest", () -> {});
        memory.giveBack(balloon, 0);
        switch (variant) {
            case BROKEN -> new Forgetful(stage, memory, memslot, fetch, fetched).awaitMessages();
            case FIXED -> {
                FaultLoop loop = new FaultLoop(stage, memory, memslot);
                loop.resolving(page -> fetch.send(page.resolution() + " of page 0", () -> {
                    loop.fetch(page);
                    fetched.send("install page 0", () -> loop.install(page));
                }))
                        .serve();
            }
        }
    }

    /** Remembers what was removed, for later faults, but not what it has asked for. */
    private static final class Forgetful {
        private final Stage stage;
        private final RaceMemory memory;
        private final Script memslot;
        private final Channel fetch;
        private final Channel fetched;
        private boolean removed;

        Forgetful(Stage stage, RaceMemory memory, Script memslot, Channel fetch, Channel fetched) {
            this.stage = stage;
            this.memory = memory;
            this.memslot = memslot.background();
            this.fetch = fetch;
            this.fetched = fetched.when(() -> !memory.isChanging()); // EAGAIN is waited out, as it should be
        }

        void awaitMessages() {
            memslot.when("read the userfaultfd", memory::hasMessages, () -> {
                UserfaultMessages messages = memory.readMessages(4);
                for (int index = 0; index < messages.count(); index++) {
                    if (messages.isFault(index)) {
                        onFault();
                    } else {
                        removed = true; // The bug: what is being fetched stays welcome.
                    }
                }
                awaitMessages();
            });
        }

        private void onFault() {
            if (removed) {
                memory.port().zeropage(memory.slot().hvaOf(0), memory.pageBytes(), 0);
                stage.note("ZEROPAGE, wake");
            } else {
                fetch.send("COPY of page 0", () -> {
                    PageBuffer contents = memory.fetch(0, 1);
                    fetched.send("install page 0", () -> install(contents));
                });
            }
        }

        private void install(PageBuffer contents) {
            memory.copy(0, contents, UserfaultModes.COPY_DONTWAKE);
            memory.wake(0);
        }
    }
}
