package io.faultline.flush;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What one interrupt asks of a CPU: one command or several, in the order they were sent. Immutable, and shared: CPUs that
 * are asked for the same have the same object, so that ten thousand of them cost one.
 */
public final class FlushCommands {
    private final FlushCommand[] commands;
    /**
     * The last longer one made of this one, most likely what the next CPU needs too. Racy on purpose: whoever misses it makes
     * an equal one, and what it refers to has final fields only.
     */
    private @Nullable FlushCommands lastExtended;

    private FlushCommands(FlushCommand[] commands) {
        this.commands = commands;
    }

    /**
     * Makes the sequence of one.
     *
     * @param command asked for
     * @return a new object
     */
    static FlushCommands of(FlushCommand command) {
        return new FlushCommands(new FlushCommand[]{command});
    }

    /** {@return how many there are, at least one} */
    public int count() {
        return commands.length;
    }

    /**
     * Gets one.
     *
     * @param index 0 for the one sent first
     * @return the command
     */
    public FlushCommand command(int index) {
        return commands[index];
    }

    FlushCommand last() {
        return commands[commands.length - 1];
    }

    /** {@return these and then another} */
    @SuppressWarnings("ReferenceEquality") // a command is one object for all its targets; an equal one is merely not shared
    FlushCommands with(FlushCommand command) {
        var extended = lastExtended;
        if (extended == null || extended.last() != command) {
            var longer = Arrays.copyOf(commands, commands.length + 1);
            longer[commands.length] = command;
            extended = new FlushCommands(longer);
            lastExtended = extended;
        }
        return extended;
    }
}
