package io.faultline.time;

/**
 * The clock a component is handed instead of reading one: monotonic nanoseconds on threads and on the real kernel,
 * virtual nanoseconds in virtual time.
 *
 * <p>Readings of one clock compare with each other and never go backwards; their origin has no meaning. Safe to read
 * from any thread where the world has several.
 */
@FunctionalInterface
public interface NanoClock {
    /** {@return nanoseconds since an origin of the clock's own} */
    long nanos();

    /** {@return the operating system's monotonic clock, by {@link System#nanoTime()}} */
    static NanoClock monotonic() {
        return System::nanoTime;
    }
}
