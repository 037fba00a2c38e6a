package io.faultline.world;

/** In which order a virtual world's loop runs what is ready at one instant. */
public sealed interface Schedule {
    /** First come, first served: the order a reader would expect, under which many races never show. */
    record Fifo() implements Schedule {}

    /** A seeded uniform pick among all that is ready. */
    record Random() implements Schedule {}

    /** {@return first come, first served} */
    static Schedule fifo() {
        return new Fifo();
    }

    /** {@return a seeded pick among all that is ready} */
    static Schedule random() {
        return new Random();
    }
}
