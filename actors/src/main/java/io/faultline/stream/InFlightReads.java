package io.faultline.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;

import io.faultline.ring.PageBatch;
import io.faultline.time.NanoClock;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.GraphStageWithMaterializedValue;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Keeps the pages being read at once within a limit: takes a batch from upstream only when there is room, splits one
 * that does not fit, and passes each on as soon as it is answered, in whatever order that is. A batch that is not
 * answered by its deadline is passed on as failed and its room freed; its read may still be writing to the receive
 * slots, so the failed batch has none, and the late answer is passed on by itself, to have them given back. When upstream
 * completes, it completes after the last batch was answered or given up.
 */
public final class InFlightReads
        extends GraphStageWithMaterializedValue<FlowShape<PageBatch, InFlightReads.Answer>, InFlightReads.Control> {

    /** What comes out. */
    public sealed interface Answer {
        /** The batch's read has ended; {@link PageBatch#failure()} tells whether every page arrived. */
        record Ended(PageBatch batch) implements Answer {}

        /** No answer in time: {@code pages} are the same pages without receive slots. */
        record TimedOut(PageBatch pages) implements Answer {}

        /** The read that was given up has ended after all. */
        record Late(PageBatch batch) implements Answer {}
    }

    /** The way into the running stage. Thread-safe. */
    public static final class Control {
        private final AsyncCallback<PageBatch> answered;
        private final AsyncCallback<Long> expired;

        Control(AsyncCallback<PageBatch> answered, AsyncCallback<Long> expired) {
            this.answered = answered;
            this.expired = expired;
        }

        /** The batch's read has ended. */
        public void answered(PageBatch batch) {
            answered.invoke(batch);
        }

        /** Gives up every read begun at or before {@code nanos}. */
        public void expireBegunBy(long nanos) {
            expired.invoke(nanos);
        }
    }

    private final Inlet<PageBatch> in = Inlet.create("InFlightReads.in");
    private final Outlet<Answer> out = Outlet.create("InFlightReads.out");
    private final FlowShape<PageBatch, Answer> shape = FlowShape.of(in, out);
    private final int limitPages;
    private final ReadStarter starter;
    private final NanoClock clock;
    private final IntConsumer inFlightChanged;

    /**
     * @param limitPages
     *            pages that may be read at once
     * @param starter
     *            begins reads
     * @param clock
     *            the world's clock
     * @param inFlightChanged
     *            is told by how many pages the number in flight changes
     */
    public InFlightReads(int limitPages, ReadStarter starter, NanoClock clock, IntConsumer inFlightChanged) {
        assert limitPages > 0 : "in-flight limit " + limitPages;
        this.limitPages = limitPages;
        this.starter = starter;
        this.clock = clock;
        this.inFlightChanged = inFlightChanged;
    }

    @Override
    public FlowShape<PageBatch, Answer> shape() {
        return shape;
    }

    @Override
    public Tuple2<GraphStageLogic, Control> createLogicAndMaterializedValue(Attributes attributes) {
        Logic logic = new Logic();
        return new Tuple2<>(logic, logic.control);
    }

    private record Begun(PageBatch batch, long nanos) {}

    private final class Logic extends GraphStageLogic {
        private final Control control = new Control(createAsyncCallback(this::onAnswered),
                createAsyncCallback(this::onExpired));
        private final List<Begun> reading = new ArrayList<>();
        private final List<PageBatch> givenUp = new ArrayList<>();
        private final ArrayDeque<Answer> ready = new ArrayDeque<>();
        private @Nullable PageBatch held;
        private int inFlightPages;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    held = grab(in);
                    beginHeld();
                }

                @Override
                public void onUpstreamFinish() {
                    completeWhenDone();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emitReady();
                    completeWhenDone();
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        @Override
        public void postStop() {
            changeInFlight(-inFlightPages);
        }

        private void beginHeld() {
            while (held != null && inFlightPages < limitPages) {
                PageBatch batch = held;
                int room = limitPages - inFlightPages;
                held = batch.count() > room ? batch.splitAfter(room) : null;
                changeInFlight(batch.count());
                if (starter.begin(batch, control)) {
                    changeInFlight(-batch.count());
                    ready.add(new Answer.Ended(batch));
                } else {
                    reading.add(new Begun(batch, clock.nanos()));
                }
            }
            emitReady();
            if (held == null && !hasBeenPulled(in) && !isClosed(in)) {
                pull(in);
            }
            completeWhenDone();
        }

        private void completeWhenDone() {
            if (isClosed(in) && held == null && reading.isEmpty() && ready.isEmpty()) {
                completeStage();
            }
        }

        private void onAnswered(PageBatch batch) {
            if (givenUp.remove(batch)) {
                ready.add(new Answer.Late(batch));
            } else {
                boolean known = reading.removeIf(begun -> begun.batch() == batch);
                assert known : "answer for a read that was not begun: " + batch;
                changeInFlight(-batch.count());
                ready.add(new Answer.Ended(batch));
            }
            beginHeld();
        }

        private void onExpired(long nanos) {
            Iterator<Begun> oldestFirst = reading.iterator();
            while (oldestFirst.hasNext()) {
                Begun begun = oldestFirst.next();
                if (begun.nanos() > nanos) {
                    break;
                }
                oldestFirst.remove();
                giveUp(begun.batch());
            }
            beginHeld();
        }

        private void giveUp(PageBatch batch) {
            givenUp.add(batch);
            changeInFlight(-batch.count());
            PageBatch pages = batch.emptyLike(batch.count());
            for (int index = 0; index < batch.count(); index++) {
                pages.addWithoutSlot(batch, index);
            }
            ready.add(new Answer.TimedOut(pages));
        }

        private void changeInFlight(int pages) {
            inFlightPages += pages;
            assert inFlightPages >= 0 && inFlightPages <= limitPages : inFlightPages + " pages of " + limitPages;
            inFlightChanged.accept(pages);
        }

        private void emitReady() {
            if (isAvailable(out)) {
                Answer answer = ready.poll();
                if (answer != null) {
                    push(out, answer);
                }
            }
        }
    }
}
