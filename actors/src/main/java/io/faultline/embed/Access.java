package io.faultline.embed;

/** What an access does. */
public enum Access {
    READ, WRITE
}
