package io.faultline.world.internal;

import java.util.concurrent.ForkJoinTask;

/**
 * Gives tasks that came from outside a fork-join pool their turn. A worker runs the tasks of its own queue until there
 * are none, and only then looks at what other threads submitted; actors that keep each other busy never let it. So what
 * the timer or a blocking read told an actor would wait for ever.
 *
 * <p>Never run itself: it is a task only to reach {@link ForkJoinTask#pollSubmission}.
 */
final class OutsideTasks extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;

    private OutsideTasks() {}

    /** Puts one task from outside, if there is one, behind those of the calling worker; elsewhere does nothing. */
    static void takeOneIn() {
        if (inForkJoinPool()) {
            ForkJoinTask<?> task = pollSubmission();
            if (task != null) {
                var _ = task.fork();
            }
        }
    }

    @Override
    public Void getRawResult() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void setRawResult(Void value) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected boolean exec() {
        throw new UnsupportedOperationException();
    }
}
