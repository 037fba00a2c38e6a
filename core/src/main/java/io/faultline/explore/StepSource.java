package io.faultline.explore;

/** Where steps come from in an order of its own: a script, or what one sender tells one receiver. */
abstract sealed class StepSource permits Script, Channel {
    final Stage stage;
    final int number;

    private boolean wasPending;

    StepSource(Stage stage) {
        this.stage = stage;
        this.number = stage.add(this);
    }

    /** {@return what a schedule that is written down calls it} */
    abstract String sourceName();

    /** {@return the script whose column shows its steps} */
    abstract Script column();

    /** {@return whether there is a step, be it blocked or not} */
    abstract boolean hasStep();

    /** {@return whether the first step could run now} */
    abstract boolean isEnabled();

    /** {@return whether the first step is one that is tried until it succeeds} */
    abstract boolean isSpinning();

    /** {@return what the first step does; there must be one} */
    abstract String describeFirst();

    /** Runs the first step, which must be enabled; tells whether it got anywhere. */
    abstract boolean runFirst();

    /** {@return whether the first step could run when that was last looked at} */
    final boolean wasPending() {
        return wasPending;
    }

    /** Looks whether the first step could run now. */
    final boolean looksPending() {
        wasPending = hasStep() && isEnabled();
        return wasPending;
    }
}
