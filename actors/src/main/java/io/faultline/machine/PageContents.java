package io.faultline.machine;

/** What a machine's pages hold. */
public enum PageContents {
    /** Real bytes, off heap. */
    BYTES,
    /** One 64-bit token for each 4 KiB: for models larger than this machine's memory. */
    TOKENS
}
