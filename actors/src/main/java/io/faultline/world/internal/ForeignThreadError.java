package io.faultline.world.internal;

import java.io.Serial;

/**
 * A thread that is not the loop's tried to run something on it: a future completed elsewhere, a second thread that told
 * an actor, real I/O. The run cannot be repeated from its seed any more.
 *
 * <p>A {@link VirtualMachineError} although the JVM is well: Pekko swallows and merely logs what {@code NonFatal} takes
 * when an actor is told something, and this must reach the thread that did it.
 */
public final class ForeignThreadError extends VirtualMachineError {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String what;

    ForeignThreadError(String what) {
        super(what);
        this.what = what;
    }

    private ForeignThreadError(String what, ForeignThreadError first) {
        super(what, first);
        this.what = what;
    }

    /** {@return the same for the loop's own thread, with the foreign thread's stack as its cause} */
    ForeignThreadError again() {
        return new ForeignThreadError(what, this);
    }
}
