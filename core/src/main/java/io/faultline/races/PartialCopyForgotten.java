package io.faultline.races;

import java.util.BitSet;

import io.faultline.explore.Scenario;
import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.RangeCopy;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultModes;
import org.jspecify.annotations.Nullable;

/**
 * A COPY of a range stops where it meets a page that another thread has copied, with EAGAIN and the bytes done. Whoever
 * takes that for the EAGAIN of an unread event begins anew, finds the first page present and thinks all is done; what lies
 * behind is never copied (userfaultfd-rs #36 lost the length).
 */
final class PartialCopyForgotten implements Scenario {
    private static final int PAGES = 4;
    private static final String INSTALLED = "what counts as installed is there";

    @Override
    public String name() {
        return "partial-copy-whose-length-was-forgotten";
    }

    @Override
    public String description() {
        return "a COPY that stopped half-way is begun anew, and its end is never copied";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        Script vcpu = stage.script("vcpu");
        Script handler = stage.script("handler");
        Script copier = stage.script("copier");
        RaceMemory memory = new RaceMemory(stage, PAGES);
        BitSet installed = new BitSet();
        stage.always(INSTALLED, () -> missing(memory, installed));

        memory.read(vcpu, 0);
        memory.read(vcpu, PAGES - 1);
        handler.background();
        handler.when("read the userfaultfd", memory::hasMessages, () -> {
            memory.readMessages(4);
            copyAll(stage, memory, handler, installed, variant);
        });
        copier.step("choose page 2", () -> {});
        copier.step("read it from the source", () -> {});
        copier.step("COPY page 2", () -> {
            memory.copy(2, memory.fetch(2, 1), 0);
        });
    }

    private static @Nullable String missing(RaceMemory memory, BitSet installed) {
        int page = installed.nextSetBit(0);
        while (page >= 0 && memory.isPresent(page)) {
            page = installed.nextSetBit(page + 1);
        }
        return page < 0 ? null : "page " + page + " is absent";
    }

    private static void copyAll(Stage stage, RaceMemory memory, Script handler, BitSet installed, Variant variant) {
        handler.step("COPY pages 0 to 3", () -> {
            PageBuffer contents = memory.fetch(0, PAGES);
            IoctlResult result = variant == Variant.FIXED
                    ? copyOnwards(stage, memory, contents)
                    : memory.copy(0, contents, UserfaultModes.COPY_DONTWAKE);
            if (result.errno() == Errno.EAGAIN) {
                copyAll(stage, memory, handler, installed, variant); // The bug: from the beginning.
                return;
            }
            handler.step("wake pages 0 to 3", () -> {
                installed.set(0, PAGES);
                memory.port().wake(memory.slot().hvaStart(), memory.slot().bytes());
            });
        });
    }

    private static IoctlResult copyOnwards(Stage stage, RaceMemory memory, PageBuffer contents) {
        MemslotPages slot = memory.slot();
        int mode = UserfaultModes.COPY_DONTWAKE;
        IoctlResult result =
                RangeCopy.run(memory.port(), slot.hvaStart(), contents, slot.bytes(), memory.pageBytes(), mode);
        stage.note(result.errno() + " in the end");
        return result;
    }
}
