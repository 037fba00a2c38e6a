package io.faultline.registry;

/**
 * What a user wrote cannot be used. The message is one clear line: the offending value, where it was, and what would
 * be right. The command line prints that line and ends with exit code 2.
 */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message one line, for the user's eyes
     */
    public InvalidInputException(String message) {
        super(message);
        assert message.indexOf('\n') < 0 : message;
    }

    /**
     * @param message one line, for the user's eyes
     * @param cause what it came from, for a log
     */
    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
        assert message.indexOf('\n') < 0 : message;
    }
}
