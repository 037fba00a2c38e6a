package io.faultline.actors;

import java.util.ArrayDeque;

import io.faultline.chaos.ChaosKind;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.EvictionBatch;
import io.faultline.source.PageStore;
import io.faultline.source.ReadResult;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves evicted pages to the machine's page store, one batch after the other: two saves of one page can so never overtake
 * each other.
 *
 * <p>
 * Bounded by: one batch a memslot. Supervision: it stops when it throws, and the machine with it; what a store throws is
 * a failed save.
 */
final class PageSaver extends SwitchActor<PageSaver.Command> {
    /** The protocol. */
    sealed interface Command {}

    /** Save the pages of a batch that are still to leave; the memslot is told {@link Memslot.Saved}. */
    record Save(EvictionBatch batch) implements Command {}

    /** Pages of the batch were written, or were not. */
    private record Done(EvictionBatch batch, int tried, int failed) implements Command {}

    private record Answer(EvictionBatch batch) implements Command {}

    /** Batches in a row of which nothing could be saved, after which the store is given up. */
    static final int FAILED_BATCHES = 64;
    /** Doublings of the back-off between them: all of them together are over before a run counts as stuck. */
    private static final int LONGEST_BACK_OFF = 7;

    private static final Logger LOG = LoggerFactory.getLogger(PageSaver.class);

    private final MachineParts parts;
    private final PageStore store;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final ArrayDeque<EvictionBatch> waiting = new ArrayDeque<>();
    private boolean saving;
    /** Counts saves; one batch is saved at a time, by one thread after the other. */
    private long saves;
    private int failedInARow;

    static Behavior<Command> create(MachineParts parts, PageStore store) {
        return Behaviors.setup(context -> new PageSaver(parts, store, context.getSelf()));
    }

    private PageSaver(MachineParts parts, PageStore store, ActorRef<Command> self) {
        this.parts = parts;
        this.store = store;
        this.self = self;
        this.lane = parts.world().lane("saver");
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Save save -> lane.run(out -> onSave(save.batch(), out));
            case Done done -> lane.run(out -> onDone(done, out));
            case Answer answer -> lane.run(out -> answer(answer.batch(), out));
        }
        return this;
    }

    private long onSave(EvictionBatch batch, Outbox out) {
        waiting.add(batch);
        saveNext(out);
        return 0;
    }

    private void saveNext(Outbox out) {
        if (saving || waiting.isEmpty()) {
            return;
        }
        saving = true;
        EvictionBatch batch = waiting.removeFirst();
        if (!store.blocking()) {
            out.tell(self, save(batch));
            return;
        }
        parts.world().blockingReads().execute(() -> {
            if (!parts.source().begin()) {
                return;
            }
            Done done;
            try {
                done = save(batch);
            } finally {
                parts.source().end();
            }
            self.tell(done);
        });
    }

    private Done save(EvictionBatch batch) {
        int tried = 0;
        int failed = 0;
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isLeavingAt(index)) {
                tried++;
                String failure = save(batch.page(index), batch.contents().slice(index, 1));
                if (!failure.isEmpty()) {
                    LOG.warn("page {} stays, it could not be saved: {}", batch.page(index), failure);
                    batch.fail(index);
                    failed++;
                }
            }
        }
        return new Done(batch, tried, failed);
    }

    /** Saves one page and says why that failed, or nothing. */
    private String save(long page, PageBuffer contents) {
        if (parts.chaos().hits(ChaosKind.STORE_ERROR, page, saves++)) {
            parts.chaosCounts().count(ChaosKind.STORE_ERROR);
            return "error on purpose";
        }
        try {
            ReadResult result = store.write(page, contents);
            return result.isOk() ? "" : store.name() + ": " + result.reason();
        } catch (RuntimeException | Error thrown) { // a user's store: its bug must not cost the machine a page
            return store.name() + " threw " + thrown;
        }
    }

    /**
     * What could not be saved stays, and would be taken again at once. So a store that saves nothing is given time, and
     * given up in the end: nothing can leave the memory any more, and what waits for room would wait for ever.
     */
    private long onDone(Done done, Outbox out) {
        boolean allFailed = done.tried() > 0 && done.failed() == done.tried();
        failedInARow = allFailed ? failedInARow + 1 : done.tried() > 0 ? 0 : failedInARow;
        if (!allFailed) {
            return answer(done.batch(), out);
        }
        if (failedInARow == FAILED_BATCHES) {
            out.tell(parts.machine(), new VirtualMachine.SavesFail("page store " + store.name()
                    + " saved nothing of " + FAILED_BATCHES + " batches of evicted pages in a row; the last was page "
                    + done.batch().page(0) + " and others, and no page can leave the memory any more"));
            return 0;
        }
        long nanos = parts.spec().backOffNanos(Math.min(failedInARow, LONGEST_BACK_OFF));
        parts.world().deliverAfter(nanos, self, new Answer(done.batch()));
        return 0;
    }

    private long answer(EvictionBatch batch, Outbox out) {
        saving = false;
        out.tell(parts.memslots().get(batch.memslot()), new Memslot.Saved(batch));
        saveNext(out);
        return 0;
    }
}
