package io.faultline.registry;

import java.util.regex.Pattern;

/**
 * What a user wrote cannot be used. The message is one clear line: the offending value, where it was, and what would
 * be right. The command line prints that line and ends with exit code 2.
 */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    /**
     * @param message for the user's eyes; line breaks become spaces
     */
    public InvalidInputException(String message) {
        super(oneLine(message));
    }

    /**
     * @param message for the user's eyes; line breaks become spaces
     * @param cause what it came from, for a log
     */
    public InvalidInputException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** What a user wrote may hold line breaks, and so would a message that quotes it. */
    private static String oneLine(String message) {
        return LINE_BREAK.matcher(message).replaceAll(" ");
    }
}
