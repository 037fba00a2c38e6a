package io.faultline.examples;

import java.util.BitSet;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.races.RaceMemory;

/**
 * A race of one's own: two handlers, each of whom looks whether a page has been asked for and then notes that it has.
 */
// snippet: scenario
public final class FetchedTwice implements Scenario {
    @Override
    public String name() {
        return "fetched-twice";
    }

    @Override
    public String description() {
        return "two handlers find that nobody has asked for a page, and both fetch it";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        RaceMemory memory = new RaceMemory(stage, 1);
        memory.read(stage.script("vcpu 0"), 0);
        memory.read(stage.script("vcpu 1"), 0);

        BitSet asked = new BitSet();
        int[] fetches = {0};
        stage.always("a page is fetched once", () -> fetches[0] > 1 ? "page 0 is fetched again" : null);
        for (int index = 0; index < 2; index++) {
            Script handler = stage.script("handler " + index).background();
            handler.when("read a message", memory::hasMessages, () -> {
                memory.readMessages(1);
                switch (variant) {
                    case BROKEN -> lookThenNote(handler, asked, () -> fetch(memory, fetches));
                    case FIXED -> lookAndNote(handler, asked, () -> fetch(memory, fetches));
                }
            });
        }
    }

    private static void lookThenNote(Script handler, BitSet asked, Runnable fetch) {
        handler.step("look whether page 0 was asked for", () -> {
            if (!asked.get(0)) {
                handler.step("note that it was", () -> asked.set(0));
                handler.step("fetch and COPY page 0", fetch);
            }
        });
    }

    private static void lookAndNote(Script handler, BitSet asked, Runnable fetch) {
        handler.step("look and note, under a lock", () -> {
            if (!asked.get(0)) {
                asked.set(0);
                handler.step("fetch and COPY page 0", fetch);
            }
        });
    }

    private static void fetch(RaceMemory memory, int[] fetches) {
        fetches[0]++;
        memory.copy(0, memory.fetch(0, 1), 0);
    }
}
// end snippet
