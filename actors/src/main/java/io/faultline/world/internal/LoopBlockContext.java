package io.faultline.world.internal;

import java.util.function.Supplier;

import scala.Function0;
import scala.concurrent.BlockContext;
import scala.concurrent.CanAwait;

/**
 * What Scala's {@code Await} does on the loop's thread. While an actor system starts or ends, Pekko awaits its own
 * actors (the stream materializer does), so the loop runs them before the await looks. At any other time an await would
 * stand still for ever, and is refused.
 */
final class LoopBlockContext {
    private static final BlockContext REFUSING = new BlockContext() {
        @Override
        public <T> T blockOn(Function0<T> thunk, CanAwait permission) {
            throw new IllegalStateException(
                    "an Await on the virtual loop's thread would wait for itself; use pipeToSelf or thenRun");
        }
    };

    private LoopBlockContext() {}

    /** Runs an action during which an await lets the loop run what is ready. */
    static <R> R draining(VirtualLoop loop, Supplier<R> action) {
        var context = new BlockContext() {
            @Override
            public <T> T blockOn(Function0<T> thunk, CanAwait permission) {
                loop.runReady();
                return thunk.apply();
            }
        };
        return BlockContext.withBlockContext(context, action::get);
    }

    /** Runs an action during which an await throws. */
    static void refusing(Runnable action) {
        BlockContext.withBlockContext(REFUSING, () -> {
            action.run();
            return null;
        });
    }
}
