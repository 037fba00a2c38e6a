package io.faultline.kernel;

/** An access that its kernel refused: the page is poisoned, so nobody may ever see what it holds. */
public final class NoAccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what was to be accessed, and what the kernel answered
     */
    public NoAccessException(String what) {
        super(what, null, false, false); // thrown once for each access to a poisoned page
    }
}
