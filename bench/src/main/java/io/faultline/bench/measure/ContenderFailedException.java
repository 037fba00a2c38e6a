package io.faultline.bench.measure;

/** A contender's JVM ended without a measurement. The message is one line that says whose and why. */
public final class ContenderFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public ContenderFailedException(String message) {
        super(message);
    }

    public ContenderFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
