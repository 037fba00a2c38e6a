package io.faultline.stream;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import scala.runtime.BoxedUnit;

/**
 * Lets elements pass at R bytes a second with a burst, by {@link Gcra} on the world's clock: exact in virtual time, as
 * exact as the world's timer elsewhere. Pekko's {@code throttle} reads the wall clock and is off by milliseconds.
 *
 * <p>Holds at most one element; order is kept. On threads give it a burst of some milliseconds, or what the timer is
 * late is lost to the rate.
 *
 * @param <T> the elements
 */
public final class RateLimit<T> extends GraphStage<FlowShape<T, T>> {
    private enum Due {
        NOW
    }

    private final Inlet<T> in = Inlet.create("RateLimit.in");
    private final Outlet<T> out = Outlet.create("RateLimit.out");
    private final FlowShape<T, T> shape = FlowShape.of(in, out);
    private final WorldContext world;
    private final Supplier<Gcra> limits;
    private final ToLongFunction<T> bytes;

    /**
     * A limit of its own for each stream it is used in.
     *
     * @param world whose clock and timer to use
     * @param bytesPerSecond the rate, positive
     * @param burstBytes how far elements may run ahead of the rate, at least 0
     * @param bytes the size of an element, at least 0
     */
    public RateLimit(WorldContext world, long bytesPerSecond, long burstBytes, ToLongFunction<T> bytes) {
        this(world, () -> new Gcra(bytesPerSecond, burstBytes), bytes);
    }

    private RateLimit(WorldContext world, Supplier<Gcra> limits, ToLongFunction<T> bytes) {
        this.world = world;
        this.limits = limits;
        this.bytes = bytes;
    }

    /**
     * One limit for all the streams it is used in, in virtual time, where they run on one thread: a link that they share.
     *
     * @param world whose clock and timer to use
     * @param link the link
     * @param bytes the size of an element, at least 0
     * @param <T> the elements
     * @return the stage
     */
    public static <T> RateLimit<T> shared(WorldContext world, Gcra link, ToLongFunction<T> bytes) {
        if (!world.isVirtual()) {
            throw new IllegalArgumentException("a link can be shared by streams of one thread only");
        }
        return new RateLimit<>(world, () -> link, bytes);
    }

    @Override
    public FlowShape<T, T> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Limiting(limits.get());
    }

    private final class Limiting extends GraphStageLogic {
        private final Gcra limit;
        private @Nullable ActorRef<Due> self;
        private @Nullable T held;

        Limiting(Gcra limit) {
            super(shape);
            this.limit = limit;
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    held = grab(in);
                    passOrWait();
                }

                @Override
                public void onUpstreamFinish() {
                    if (held == null) {
                        completeStage();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(in);
                }
            });
        }

        /** An actor's reference, because timed deliveries go to actors only: then a schedule can name them. */
        @Override
        public void preStart() {
            self = Adapter.toTyped(getStageActor(_ -> {
                passOrWait();
                return BoxedUnit.UNIT;
            }).ref());
        }

        private void passOrWait() {
            var element = held;
            if (element == null || self == null) {
                return;
            }
            long now = world.clock().nanos();
            long wait = limit.waitNanos(now);
            if (wait > 0) {
                world.deliverAfter(wait, self, Due.NOW);
                return;
            }
            limit.pass(now, bytes.applyAsLong(element));
            held = null;
            push(out, element);
            if (isClosed(in)) {
                completeStage();
            }
        }
    }
}
