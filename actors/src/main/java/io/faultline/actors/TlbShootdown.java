package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.faultline.cost.Operation;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.flush.PendingInterrupts;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Hosts the initiator part of the machine's flush policy: takes flush requests, sends interrupts, gathers
 * acknowledgements, and tells requesters when the policy says "done" and when what they hold back may be reused.
 *
 * <p>
 * Requests pass a stream that hands them over in batches, the next when every vCPU has answered the last: so what came
 * meanwhile, from however many memslots, goes out together. All that is asked of a CPU before it looks is one interrupt,
 * answered once ({@link PendingInterrupts}). Bounded by: {@link #QUEUE_REQUESTS} in the stream; what comes beyond waits
 * here; what a policy defers is bounded by the policy. Supervision: it stops when it throws, and the machine with it, because what it held back could not be told apart.
 */
public final class TlbShootdown extends SwitchActor<TlbShootdown.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /**
     * Flush what a change of mappings left stale.
     *
     * @param atComplete
     *            is sent when the policy lets the requester go on; or null
     * @param atRelease
     *            is sent when frames or ranges may be reused
     */
    record Flush(int asid, ChangeKind kind, Direction direction, long start, long end, int strideShift,
            long pagesPresent, long framesFreed, boolean synchronous, long changeSequence, long changedNanos,
            @Nullable FlushAnswer<?> atComplete, FlushAnswer<?> atRelease) implements Command {
        /** Of the guest's memory, for one who wants to be told {@link Flushed} twice. */
        Flush(ChangeKind kind, long start, long end, int strideShift, long pagesPresent, long framesFreed,
                boolean synchronous, long changeSequence, long changedNanos, ActorRef<Flushed> replyTo) {
            this(MachineParts.GUEST_ASID, kind, Direction.NONE, start, end, strideShift, pagesPresent, framesFreed,
                    synchronous, changeSequence, changedNanos, new FlushAnswer<>(replyTo, Flushed.COMPLETE),
                    new FlushAnswer<>(replyTo, Flushed.RELEASED));
        }
    }

    /** A fetcher is short of ranges to receive into, because so many wait for their release; or no longer. */
    record ReuseWanted(int fetcher, boolean wanted) implements Command {}

    /** A CPU has taken its interrupt, and acknowledges what that asked of it; exactly one for each interrupt. */
    static final class Answered implements Command {
        private final int cpu;
        private final long[] tickets;

        /**
         * @param cpu
         *            who
         * @param tickets
         *            of the commands it is done with; become the message's own
         */
        Answered(int cpu, long... tickets) {
            this.cpu = cpu;
            this.tickets = tickets;
        }

        int cpu() {
            return cpu;
        }

        /** Not to be changed. */
        long[] tickets() {
            return tickets;
        }

        @Override
        public String toString() {
            return "Answered[cpu=" + cpu + ", tickets=" + Arrays.toString(tickets) + "]";
        }
    }

    /** A CPU is done with something outside any interrupt: at a tick, or a switch. */
    public record Acknowledged(int cpu, long ticket) implements Command {}

    /** A CPU has dropped what a broadcast named. */
    record Invalidated(long broadcast) implements Command {}

    private record TimerDue(long timer) implements Command {}

    private record Batch(List<Flush> requests, CompletableFuture<Done> taken) implements Command {}

    /** How far a flush is. */
    public enum Flushed {
        /** The requester may go on. */
        COMPLETE,
        /** What the request freed may be reused. */
        RELEASED
    }

    /** Requests the stream holds at once. */
    static final int QUEUE_REQUESTS = 256;
    private static final int BATCH_REQUESTS = 64;

    private final MachineParts parts;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final Initiator initiator;
    private final BoundedSourceQueue<Flush> queue;
    private final ArrayDeque<Flush> waiting = new ArrayDeque<>();
    private final FlushRequesters requesters = new FlushRequesters();
    private final CpuSignals signals;
    private final WantedRanges ranges = new WantedRanges();
    private @Nullable CompletableFuture<Done> heldBack;
    private @Nullable Outbox out;
    private int queued;
    /** Of the present call of the initiator. */
    private long costNanos;
    /** Sent by it, so far. */
    private int interrupts;
    private long lastRequest;

    static Behavior<Command> create(MachineParts parts) {
        return Behaviors.setup(context -> new TlbShootdown(parts, context));
    }

    private TlbShootdown(MachineParts parts, ActorContext<Command> context) {
        this.parts = parts;
        this.self = context.getSelf();
        this.lane = parts.world().lane("shootdown", self);
        this.signals = new CpuSignals(parts);
        this.initiator = parts.flushPolicy().initiator(0, parts.flushDomain(), new Port());
        this.queue = Source.<Flush>queue(QUEUE_REQUESTS)
                .batch(BATCH_REQUESTS, TlbShootdown::listOf, TlbShootdown::add)
                .mapAsync(1, this::handOver)
                .to(Sink.ignore())
                .withAttributes(ActorAttributes.dispatcher(parts.world().dispatcherId()))
                .run(Materializer.createMaterializer(context));
    }

    private static List<Flush> listOf(Flush first) {
        List<Flush> list = new ArrayList<>();
        list.add(first);
        return list;
    }

    private static List<Flush> add(List<Flush> list, Flush next) {
        list.add(next);
        return list;
    }

    /** Runs in the stream: asks for the next batch only when this one was taken. */
    private CompletableFuture<Done> handOver(List<Flush> requests) {
        CompletableFuture<Done> taken = new CompletableFuture<>();
        self.tell(new Batch(requests, taken));
        return taken;
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Flush flush -> onFlush(flush);
            case Batch batch -> run(() -> onBatch(batch));
            case Answered answered -> run(() -> onAnswered(answered));
            case Acknowledged acknowledged ->
                    run(() -> initiator.acknowledged(acknowledged.cpu(), acknowledged.ticket()));
            case Invalidated invalidated ->
                    run(() -> signals.broadcasts().answered(invalidated.broadcast(), initiator::synced));
            case ReuseWanted wanted -> run(() -> onReuseWanted(wanted));
            case TimerDue due -> run(() -> initiator.timer(due.timer()));
        }
        return this;
    }

    /** Every call of the initiator goes through the lane, and what it has sent leaves at the call's end. */
    private void run(Runnable call) {
        lane.run(outbox -> {
            out = outbox;
            interrupts = 0;
            call.run();
            out = null;
            takeMore();
            long nanos = costNanos;
            costNanos = 0;
            return nanos;
        });
    }

    @Override
    protected void onStopped() {
        lane.abandon();
    }

    private void onFlush(Flush flush) {
        waiting.add(flush);
        offerWaiting();
    }

    private void offerWaiting() {
        while (queued < QUEUE_REQUESTS && !waiting.isEmpty()) {
            QueueOfferResult result = queue.offer(waiting.removeFirst());
            if (!(result instanceof QueueOfferResult.Enqueued$)) {
                throw new IllegalStateException("the stream of flush requests refused one: " + result);
            }
            queued++;
            parts.gauges().shootdown.record(queued);
        }
    }

    private void onBatch(Batch batch) {
        queued -= batch.requests().size();
        heldBack = batch.taken();
        for (Flush flush : batch.requests()) {
            long id = ++lastRequest;
            requesters.add(id, flush);
            FlushRequest request = toRequest(id, flush);
            parts.world().trace(TraceKinds.FLUSHED, flush.start(), flush.end());
            parts.listener().flushRequested(parts.world().clock().nanos(), id, flush.start(), flush.end());
            ranges.add(request);
            costNanos += parts.charges().of(Operation.FLUSH_CALL);
            initiator.request(request);
            initiator.operationEnds(id);
        }
        flushForReuse();
        offerWaiting();
    }

    private void onReuseWanted(ReuseWanted wanted) {
        ranges.wanting(wanted.fetcher(), wanted.wanted());
        flushForReuse();
    }

    private void flushForReuse() {
        ranges.wanted().forEach(initiator::reuseWanted);
    }

    private static FlushRequest toRequest(long id, Flush flush) {
        var builder = FlushRequest.of(id, flush.asid(), flush.kind(), flush.start(), flush.end())
                .operation(id)
                .direction(flush.direction())
                .strideShift(flush.strideShift())
                .pagesPresent(flush.pagesPresent())
                .framesFreed(flush.framesFreed())
                .changed(flush.changeSequence(), flush.changedNanos());
        return flush.synchronous() ? builder.synchronous().build() : builder.build();
    }

    private void onAnswered(Answered answered) {
        signals.answered(answered.cpu());
        for (long ticket : answered.tickets()) {
            initiator.acknowledged(answered.cpu(), ticket);
        }
    }

    private void takeMore() {
        CompletableFuture<Done> held = heldBack;
        if (held != null && signals.mayAskMore()) {
            heldBack = null;
            held.complete(Done.getInstance());
        }
    }

    private Outbox outbox() {
        Outbox outbox = out;
        if (outbox == null) {
            throw new IllegalStateException("an effect of the flush policy outside any call of it");
        }
        return outbox;
    }

    private final class Port implements InitiatorPort {
        @Override
        public void sendIpi(int cpu, FlushCommand command) {
            if (interrupt(cpu, command)) {
                parts.listener().ipiSent(parts.world().clock().nanos(), cpu, command.ticket());
            } else {
                parts.flushStatistics().ipiMerged();
            }
        }

        @Override
        public void flushSelf(int cpu, FlushCommand command) {
            // The change was made on a vCPU's CPU: to this actor that one is as remote as any other.
            interrupt(cpu, command);
        }

        private boolean interrupt(int cpu, FlushCommand command) {
            boolean sent = signals.interrupt(cpu, command, outbox());
            if (sent) {
                costNanos += parts.charges().of(interrupts++ == 0 ? Operation.IPI : Operation.IPI_TARGET);
            }
            return sent;
        }

        @Override
        public void broadcast(FlushCommand command) {
            costNanos += parts.charges().of(Operation.BROADCAST);
            signals.broadcast(command, outbox());
        }

        @Override
        public void sync(long ticket) {
            costNanos += parts.charges().of(Operation.SYNC);
            if (signals.broadcasts().sync(ticket)) {
                // Not from within the initiator's own call: it is told as if by the last CPU.
                outbox().tell(self, new Invalidated(signals.broadcasts().last()));
            }
        }

        @Override
        public boolean setFlag(int cpu, int expected, int flags) {
            return parts.flushDomain().words().compareAndSetFlags(cpu, expected, flags);
        }

        @Override
        public void setTimer(long delayNanos, long timer) {
            parts.world().deliverAfter(delayNanos, self, new TimerDue(timer));
        }

        @Override
        public void settled(FlushRequest request) {
            // The statistics and the oracle, which stand between, have heard of it.
        }

        @Override
        public void complete(FlushRequest request) {
            parts.listener().flushCompleted(parts.world().clock().nanos(), request.id());
            answer(request, Flushed.COMPLETE);
        }

        @Override
        public void release(FlushRequest request) {
            parts.listener().flushReleased(parts.world().clock().nanos(), request.id());
            ranges.released(request);
            answer(request, Flushed.RELEASED);
        }

        private void answer(FlushRequest request, Flushed how) {
            if (!requesters.answer(request.id(), how, outbox())) {
                throw new IllegalStateException("policy " + parts.flushPolicy().name() + " says " + how + " twice of "
                        + request);
            }
        }
    }
}
