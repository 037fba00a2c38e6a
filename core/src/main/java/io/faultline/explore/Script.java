package io.faultline.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What one thread, vCPU or actor does, step by step, in this order: a column of the swim lanes. A step is what nobody else
 * can come in between of; what a real thread does in two instructions is two steps.
 *
 * <p>Steps that are added while one of the same script runs come right after it, in the order added; so a step may decide
 * what comes next, or repeat itself. Others come last.
 */
public final class Script extends StepSource {
    private record Step(String what, BooleanSupplier condition, BooleanSupplier attempt, boolean spins) {}

    private final String name;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final List<Step> inserted = new ArrayList<>();
    private boolean running;
    private boolean background;
    /** At which count of the stage's progress the first step was last tried in vain. */
    private long triedInVain = -1;

    Script(Stage stage, String name) {
        super(stage);
        this.name = name;
    }

    /** {@return what heads its column} */
    public String name() {
        return name;
    }

    /**
     * Adds a step that can run at any time once it is first.
     *
     * @param what it does, in a few words
     * @param action does it
     * @return this
     */
    public Script step(String what, Runnable action) {
        return when(what, () -> true, action);
    }

    /**
     * Adds a step that is blocked until a condition holds: a lock is free, a message has come, somebody has been woken.
     *
     * @param what it does, in a few words
     * @param condition looked at again and again, so it must change nothing
     * @param action does it, in the same instant in which the condition was seen to hold
     * @return this
     */
    public Script when(String what, BooleanSupplier condition, Runnable action) {
        return add(new Step(
                what,
                condition,
                () -> {
                    action.run();
                    return true;
                },
                false));
    }

    /**
     * Adds a step that only waits.
     *
     * @param what for, in a few words
     * @param condition ends the wait
     * @return this
     */
    public Script await(String what, BooleanSupplier condition) {
        return when(what, condition, () -> {});
    }

    /**
     * Adds a step that is tried until it succeeds, as code does that polls. After an attempt in vain it is not tried again
     * before somebody else has got somewhere; when nobody can, {@link Breach#NOBODY_TRIES} is broken.
     *
     * @param what it does, in a few words
     * @param attempt tells whether it succeeded; one that did not must have changed nothing
     * @return this
     */
    public Script spin(String what, BooleanSupplier attempt) {
        return add(new Step(what, () -> true, attempt, true));
    }

    private Script add(Step step) {
        if (running) {
            inserted.add(step);
        } else {
            steps.addLast(step);
        }
        return this;
    }

    /**
     * Lets it wait for ever without anything being lost: a server's loop.
     *
     * @return this
     */
    public Script background() {
        background = true;
        return this;
    }

    /** Drops the steps that are left: the thread was killed, or is through. */
    public void stop() {
        steps.clear();
        inserted.clear();
    }

    /** {@return whether no step is left, not counting one that is running} */
    public boolean isIdle() {
        return steps.isEmpty() && inserted.isEmpty();
    }

    boolean isBackground() {
        return background;
    }

    @Override
    String sourceName() {
        return name;
    }

    @Override
    Script column() {
        return this;
    }

    @Override
    boolean hasStep() {
        return !steps.isEmpty();
    }

    @Override
    boolean isEnabled() {
        Step step = steps.getFirst();
        return step.spins ? triedInVain != stage.progress() : step.condition.getAsBoolean();
    }

    @Override
    boolean isSpinning() {
        return steps.getFirst().spins;
    }

    @Override
    String describeFirst() {
        return steps.getFirst().what;
    }

    @Override
    boolean runFirst() {
        Step step = steps.removeFirst();
        running = true;
        boolean done;
        try {
            done = step.attempt.getAsBoolean();
        } finally {
            running = false;
        }
        if (done) {
            for (int index = inserted.size() - 1; index >= 0; index--) {
                steps.addFirst(inserted.get(index));
            }
            triedInVain = -1;
        } else {
            steps.addFirst(step);
            triedInVain = stage.progress();
        }
        inserted.clear();
        return done;
    }
}
