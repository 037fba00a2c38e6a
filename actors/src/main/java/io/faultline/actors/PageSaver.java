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

    private record Done(EvictionBatch batch) implements Command {}

    private static final Logger LOG = LoggerFactory.getLogger(PageSaver.class);

    private final MachineParts parts;
    private final PageStore store;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final ArrayDeque<EvictionBatch> waiting = new ArrayDeque<>();
    private boolean saving;
    /** Counts saves; one batch is saved at a time, by one thread after the other. */
    private long saves;

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
            case Done done -> lane.run(out -> onDone(done.batch(), out));
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
            save(batch);
            out.tell(self, new Done(batch));
            return;
        }
        parts.world().blockingReads().execute(() -> {
            if (!parts.source().begin()) {
                return;
            }
            try {
                save(batch);
            } finally {
                parts.source().end();
            }
            self.tell(new Done(batch));
        });
    }

    private void save(EvictionBatch batch) {
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isLeavingAt(index)) {
                String failure = save(batch.page(index), batch.contents().slice(index, 1));
                if (!failure.isEmpty()) {
                    LOG.warn("page {} stays, it could not be saved: {}", batch.page(index), failure);
                    batch.fail(index);
                }
            }
        }
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

    private long onDone(EvictionBatch batch, Outbox out) {
        saving = false;
        out.tell(parts.memslots().get(batch.memslot()), new Memslot.Saved(batch));
        saveNext(out);
        return 0;
    }
}
