package io.faultline.source;

/** What an image shorter than the memory means. */
public enum ImageFill {
    /** A mistake. */
    ERROR,
    /** The rest of the memory is zero. */
    ZERO,
    /** The image again and again, also where its length is no multiple of the page. */
    REPEAT
}
