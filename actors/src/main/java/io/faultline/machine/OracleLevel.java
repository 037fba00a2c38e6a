package io.faultline.machine;

/** How closely the safety oracle watches. */
public enum OracleLevel {
    /** Not at all; it then costs nothing. */
    OFF,
    /** Every access, reuse and acknowledgement. */
    FULL
}
