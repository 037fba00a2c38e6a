package io.faultline.world.internal;

import io.faultline.time.NanoClock;
import io.faultline.world.Lane;
import io.faultline.world.LaneOperation;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/** A lane on threads: what takes time takes it by itself, so everything runs and leaves at once. No state. */
final class DirectLane implements Lane {
    private static final Outbox DIRECT = new Outbox() {
        @Override
        public <M> void tell(ActorRef<M> to, M message) {
            to.tell(message);
        }
    };

    private final NanoClock clock;
    private final String name;

    DirectLane(NanoClock clock, String name) {
        this.clock = clock;
        this.name = name;
    }

    @Override
    public void run(LaneOperation operation) {
        OutboxBuffer.checkCost(name, operation.run(DIRECT));
    }

    @Override
    public long take(long nanos) {
        OutboxBuffer.checkCost(name, nanos);
        return 0;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public long freeAtNanos() {
        return clock.nanos();
    }

    @Override
    public int abandon() {
        return 0;
    }

    @Override
    public String toString() {
        return "lane " + name;
    }
}
