package io.faultline.race;

import java.util.function.BooleanSupplier;

import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A thread: a column of the swim lanes, with what it does step by step. It runs on a CPU of its own and stands still while
 * that handles an interrupt or is scheduled out; or it is an outsider, such as a hypervisor, on a CPU that the flush policy
 * knows nothing of.
 */
public final class RaceThread {
    private final Stage stage;
    private final Script script;
    private final @Nullable RaceCpu cpu;
    private @Nullable RaceInitiator initiator;

    RaceThread(Stage stage, Script script, @Nullable RaceCpu cpu) {
        this.stage = stage;
        this.script = script;
        this.cpu = cpu;
    }

    /**
     * Adds steps: after those it has, or right after the running one when that is its own.
     *
     * @param steps in this order
     * @return this
     */
    public RaceThread does(RaceStep... steps) {
        for (RaceStep step : steps) {
            step.addTo(this);
        }
        return this;
    }

    /**
     * Adds a step; what {@link RaceStep}s are made of.
     *
     * @param what it does, in a few words
     * @param condition blocks it until it holds; looked at again and again, so it must change nothing
     * @param action does it
     */
    public void when(String what, BooleanSupplier condition, Runnable action) {
        script.when(what, () -> runs() && condition.getAsBoolean(), action);
    }

    /**
     * Lets it wait for ever without anything being lost: a server's loop.
     *
     * @return this
     */
    public RaceThread background() {
        script.background();
        return this;
    }

    /**
     * Adds to what the swim lanes show of the running step.
     *
     * @param text a few words
     */
    public void note(String text) {
        stage.note(text);
    }

    /** {@return what heads its column} */
    public String name() {
        return script.name();
    }

    /**
     * Returns the CPU it runs on.
     *
     * @throws IllegalStateException when it is an outsider
     */
    public RaceCpu cpu() {
        if (cpu == null) {
            throw new IllegalStateException(name() + " runs on no CPU of the race");
        }
        return cpu;
    }

    private boolean runs() {
        return cpu == null || cpu.runsItsThread();
    }

    Script script() {
        return script;
    }

    @Nullable
    RaceCpu cpuOrNull() {
        return cpu;
    }

    void initiator(RaceInitiator its) {
        initiator = its;
    }

    RaceInitiator initiator() {
        if (initiator == null) {
            throw new IllegalStateException(name() + " was not made by a race");
        }
        return initiator;
    }
}
