package io.faultline.machine;

/** How closely the safety oracle watches. */
public enum OracleLevel {
    /** As is usual in the world that the machine runs in: {@link #FULL} in virtual time, {@link #SAMPLED} on threads. */
    DEFAULT,
    /** Not at all; it then costs nothing. */
    OFF,
    /** Everything about one page of 64, drawn by the seed, and every acknowledgement that is about one of them. */
    SAMPLED,
    /**
     * Every access, reuse and acknowledgement. On threads all of them go through one lock, and neither a bound of staleness
     * in time nor walks of freed page tables are checked.
     */
    FULL;

    /**
     * The level itself, or what is usual in a world.
     *
     * @param virtual whether time is virtual
     * @return any but {@link #DEFAULT}
     */
    public OracleLevel in(boolean virtual) {
        if (this != DEFAULT) {
            return this;
        }
        return virtual ? FULL : SAMPLED;
    }
}
