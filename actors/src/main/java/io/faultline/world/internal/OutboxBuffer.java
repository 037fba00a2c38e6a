package io.faultline.world.internal;

import java.util.Arrays;

import io.faultline.world.LaneOperation;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/** Keeps what an operation tells until it is known when it leaves. Its arrays grow to the largest operation and stay. */
final class OutboxBuffer implements Outbox {
    /** Takes the messages once they leave. */
    @FunctionalInterface
    interface Departure {
        void leave(ActorRef<Object> receiver, Object message);
    }

    private static final int INITIAL_CAPACITY = 4;

    private final String lane;
    private ActorRef<?>[] receivers = new ActorRef<?>[INITIAL_CAPACITY];
    private Object[] messages = new Object[INITIAL_CAPACITY];
    private int count;
    private boolean open;

    OutboxBuffer(String lane) {
        this.lane = lane;
    }

    /** Runs an operation that tells into this buffer, and checks its cost. */
    long collect(LaneOperation operation) {
        open = true;
        try {
            return checkCost(lane, operation.run(this));
        } finally {
            open = false;
        }
    }

    /** {@return whether an operation is running} */
    boolean isOpen() {
        return open;
    }

    @Override
    public <M> void tell(ActorRef<M> to, M message) {
        if (!open) {
            throw new IllegalStateException("message " + message + " for " + to.path() + " came after the operation of"
                    + " lane " + lane + " had ended");
        }
        if (count == receivers.length) {
            receivers = Arrays.copyOf(receivers, count * 2);
            messages = Arrays.copyOf(messages, count * 2);
        }
        receivers[count] = to;
        messages[count++] = message;
    }

    /** Empties the buffer in the order of the tells. The signature of {@link #tell} has seen that the types fit. */
    @SuppressWarnings("unchecked")
    void leave(Departure departure) {
        for (int i = 0; i < count; i++) {
            departure.leave((ActorRef<Object>) receivers[i], messages[i]);
        }
        // Nothing may stay alive through a lane that rests.
        Arrays.fill(receivers, 0, count, null);
        Arrays.fill(messages, 0, count, null);
        count = 0;
    }

    static long checkCost(String lane, long costNanos) {
        if (costNanos < 0) {
            throw new IllegalArgumentException("an operation of lane " + lane + " cost " + costNanos
                    + " ns; a cost must not be negative");
        }
        return costNanos;
    }
}
