package io.faultline.lab;

/** What the command line ends with. */
public final class ExitCode {
    /** Every invariant held. */
    public static final int HELD = 0;

    /** An invariant did not hold, or the run broke off, so that nobody can say; the output says which. */
    public static final int BROKEN = 1;

    /** What the user wrote cannot be used. Nothing was done. */
    public static final int BAD_INPUT = 2;

    /** This machine lacks what the command needs. */
    public static final int MACHINE_LACKS = 3;

    private ExitCode() {}
}
