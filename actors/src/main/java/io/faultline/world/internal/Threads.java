package io.faultline.world.internal;

/** Waiting for a thread's end where the end is certain. */
final class Threads {
    private Threads() {}

    /** Waits for the end even when interrupted, and leaves the interrupt pending. */
    static void joinUninterruptibly(Thread thread) {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
