package io.faultline.actors;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.faultline.cost.Operation;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.flush.PendingInterrupts;
import io.faultline.ring.PageHold;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Hosts the initiator part of the machine's flush policy: takes flush requests, sends interrupts, gathers
 * acknowledgements, and tells requesters when the policy says "done" and when what they hold back may be reused.
 *
 * <p>
 * Requests pass a stream that hands them over in batches, the next when every vCPU has answered the last: so what came
 * meanwhile, from however many memslots, goes out together. All that is asked of a CPU before it looks is one interrupt,
 * answered once ({@link PendingInterrupts}). Bounded by: {@link FlushStream#QUEUE_REQUESTS} in the stream, and what waits
 * for it; what a policy defers is bounded by the policy. Supervision: it stops when it throws, and the machine with it, because what it held back could not be told apart.
 */
public final class TlbShootdown extends SwitchActor<TlbShootdown.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /**
     * Flush what a change of mappings left stale.
     *
     * @param change
     *            what changed; it is numbered here
     * @param hold
     *            what is kept from reuse until the release, as far as somebody may ask for it ({@link PagesWanted}); or null
     * @param atComplete
     *            is sent when the policy lets the requester go on; or null
     * @param atRelease
     *            is sent when frames or ranges may be reused
     */
    record Flush(FlushRequest change, @Nullable PageHold hold, @Nullable FlushAnswer<?> atComplete,
            FlushAnswer<?> atRelease) implements Command {
        /** For one who holds nothing back and wants to be told {@link Flushed} twice. */
        Flush(FlushRequest change, ActorRef<Flushed> replyTo) {
            this(change, null, new FlushAnswer<>(replyTo, Flushed.COMPLETE),
                    new FlushAnswer<>(replyTo, Flushed.RELEASED));
        }
    }

    /** Something is to be installed at pages that an unmap holds back. */
    record PagesWanted(PageHold hold) implements Command {}

    /** The pool has no frame for somebody, and some wait for their release. */
    enum FramesWanted implements Command {
        INSTANCE
    }

    /** The run is over: flush what the policy has put off, and answer when nothing is on its way any more. */
    record Drain(FlushAnswer<?> atEnd) implements Command {}

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

    /**
     * The next requests.
     *
     * @param taken
     *            to be completed when the batch after this one may come
     */
    record Batch(List<Flush> requests, CompletableFuture<Done> taken) implements Command {}

    /** How far a flush is. */
    public enum Flushed {
        /** The requester may go on. */
        COMPLETE,
        /** What the request freed may be reused. */
        RELEASED
    }

    /** The number of a request before it is its turn. */
    static final long UNNUMBERED = 0;

    private final MachineParts parts;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final Initiator initiator;
    private final FlushStream stream;
    private final FlushRequesters requesters = new FlushRequesters();
    private final CpuSignals signals;
    private final Unreleased unreleased = new Unreleased();
    private @Nullable CompletableFuture<Done> heldBack;
    private @Nullable FlushAnswer<?> draining;
    private @Nullable Outbox out;
    /** Of the present call of the initiator. */
    private long costNanos;
    /** Sent by it, so far. */
    private int interrupts;
    private long lastRequest;
    private long lastOperation;

    static Behavior<Command> create(MachineParts parts) {
        return Behaviors.setup(context -> new TlbShootdown(parts, context));
    }

    private TlbShootdown(MachineParts parts, ActorContext<Command> context) {
        this.parts = parts;
        this.self = context.getSelf();
        this.lane = parts.world().lane("shootdown", self);
        this.signals = new CpuSignals(parts);
        this.initiator = parts.flushPolicy().initiator(0, parts.flushDomain(), new Port());
        this.stream = new FlushStream(parts, context);
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Flush flush -> stream.offer(flush);
            case Batch batch -> run(() -> onBatch(batch));
            case Answered answered -> run(() -> onAnswered(answered));
            case Acknowledged acknowledged ->
                    run(() -> initiator.acknowledged(acknowledged.cpu(), acknowledged.ticket()));
            case Invalidated invalidated ->
                    run(() -> signals.broadcasts().answered(invalidated.broadcast(), initiator::synced));
            case ReuseWanted wanted -> run(() -> onReuseWanted(wanted));
            case PagesWanted wanted -> run(() -> flushFor(unreleased.of(wanted.hold())));
            case FramesWanted _ -> run(() -> flushFor(unreleased.ofFrames()));
            case Drain drain -> run(() -> onDrain(drain));
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
            answerIfDrained(outbox);
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

    private void onBatch(Batch batch) {
        heldBack = batch.taken();
        long operation = ++lastOperation;
        for (Flush flush : batch.requests()) {
            FlushRequest request = flush.change().numbered(++lastRequest, operation);
            requesters.add(request.id(), flush);
            unreleased.add(request, flush.hold());
            parts.world().trace(TraceKinds.FLUSHED, request.start(), request.end());
            parts.listener()
                    .flushRequested(parts.world().clock().nanos(), request.id(), request.start(), request.end());
            costNanos += parts.charges().of(Operation.FLUSH_CALL);
            initiator.request(request);
        }
        initiator.operationEnds(operation);
        if (draining != null) {
            initiator.drain();
        }
        flushFor(unreleased.wanted());
        stream.taken(batch);
    }

    private void onDrain(Drain drain) {
        draining = drain.atEnd();
        initiator.drain();
    }

    private void answerIfDrained(Outbox outbox) {
        FlushAnswer<?> atEnd = draining;
        if (atEnd != null && stream.isEmpty() && initiator.unsettled() == 0) {
            draining = null;
            parts.oracle().ended(); // now, for an eviction that goes on may ask for more at once
            atEnd.send(outbox);
        }
    }

    private void onReuseWanted(ReuseWanted wanted) {
        unreleased.wanting(wanted.fetcher(), wanted.wanted());
        flushFor(unreleased.wanted());
    }

    /** Somebody waits for what these keep from reuse. */
    private void flushFor(List<FlushRequest> requests) {
        requests.forEach(initiator::reuseWanted);
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
                costNanos += parts.charges().interrupt(interrupts++ == 0, parts.cpus().positionOf(cpu));
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
            unreleased.released(request);
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
