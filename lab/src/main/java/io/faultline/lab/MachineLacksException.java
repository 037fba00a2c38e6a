package io.faultline.lab;

/** This machine lacks what a command needs. The message is one line saying what, and what to do; exit code 3. */
public final class MachineLacksException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message one line, for the user's eyes
     */
    public MachineLacksException(String message) {
        super(message);
    }
}
