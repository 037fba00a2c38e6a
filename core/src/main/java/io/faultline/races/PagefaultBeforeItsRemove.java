package io.faultline.races;

import io.faultline.explore.Channel;
import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.userfault.UserfaultMessages;

/**
 * A page is given back and touched again at once. When messages are dealt out to several handlers, the one with the fault
 * may be faster than the one with the REMOVE that caused it, and fetches what the page held before (Firecracker's example
 * handler explains the ordering). So whoever reads takes note of events before anything is dealt out.
 */
final class PagefaultBeforeItsRemove implements Scenario {
    @Override
    public String name() {
        return "pagefault-read-before-the-remove-that-caused-it";
    }

    @Override
    public String description() {
        return "a fault is decided about before anybody has taken note of the REMOVE that caused it";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script guest = stage.script("guest");
        Script reader = stage.script("reader");
        Script[] handlers = {stage.script("handler 0"), stage.script("handler 1")};
        Channel[] dealt = {stage.channel(reader, handlers[0]), stage.channel(reader, handlers[1])};
        Channel[] back = {stage.channel(handlers[0], reader), stage.channel(handlers[1], reader)};
        RaceMemory memory = new RaceMemory(stage, 1);

        memory.read(guest, 0);
        memory.giveBack(guest, 0);
        memory.read(guest, 0);
        if (variant == Variant.BROKEN) {
            new Dealer(stage, memory, reader, dealt).awaitMessages();
            return;
        }
        int[] next = {0};
        FaultLoop loop = new FaultLoop(stage, memory, reader);
        loop.resolving(page -> {
            int handler = next[0];
            next[0] = 1 - handler;
            dealt[handler].send("PAGEFAULT 0", () -> {
                loop.fetch(page);
                stage.note(page.resolution().toString());
                back[handler].send("install page 0", () -> loop.install(page));
            });
        })
                .serve();
    }

    /** Gives each handler a message in its turn, whatever it says. */
    private static final class Dealer {
        private final Stage stage;
        private final RaceMemory memory;
        private final Script reader;
        private final Channel[] handlers;
        private int next;
        private boolean removed;

        Dealer(Stage stage, RaceMemory memory, Script reader, Channel[] handlers) {
            this.stage = stage;
            this.memory = memory;
            this.reader = reader.background();
            this.handlers = handlers;
        }

        void awaitMessages() {
            reader.when("read one message", memory::hasMessages, () -> {
                UserfaultMessages messages = memory.readMessages(1);
                // The bug: a REMOVE is a message like any other, and nothing is noted here.
                if (messages.isFault(0)) {
                    handlers[next].when(() -> !memory.isChanging()).send("PAGEFAULT 0", this::onFault);
                } else {
                    handlers[next].send("REMOVE 0", () -> removed = true);
                }
                next = 1 - next;
                awaitMessages();
            });
        }

        private void onFault() {
            if (removed) {
                memory.port().zeropage(memory.slot().hvaOf(0), memory.pageBytes(), 0);
                stage.note("ZEROPAGE");
            } else {
                memory.copy(0, memory.fetch(0, 1), 0);
                stage.note("from the source");
            }
        }
    }
}
