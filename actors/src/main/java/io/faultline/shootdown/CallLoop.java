package io.faultline.shootdown;

import java.util.Locale;

import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * The workload most questions need: some threads make the same call again and again, while the others compute, or read
 * pages that all share. Each setter returns a changed copy.
 *
 * @param name what the user calls it
 * @param step the call
 * @param callers how many threads make it, on the first CPUs; 0: all
 * @param calls how many each
 * @param faults first touches before and as many after each call
 * @param computeNanos between two calls
 * @param sleepNanos between two calls
 * @param readsAmong of how many shared pages the other threads read; 0: they only compute
 */
public record CallLoop(String name, ThreadStep.Call step, int callers, int calls, int faults, long computeNanos,
        long sleepNanos, int readsAmong) implements MemoryWorkload {
    /** Checks the numbers. */
    public CallLoop {
        if (callers < 0 || calls < 1 || faults < 0 || computeNanos < 0 || sleepNanos < 0 || readsAmong < 0) {
            throw new IllegalArgumentException(name + ": " + callers + " callers of " + calls + " calls, " + faults
                    + " faults, pauses of " + computeNanos + " and " + sleepNanos + " ns, " + readsAmong
                    + " shared pages");
        }
    }

    /**
     * One thread that makes a call again and again, on pages that all threads have touched.
     *
     * @param call which one
     * @param pages of each call
     * @param calls how many
     * @return one flush a call, as the kernel does since Linux 6.18 for MOVE and always did for the others
     */
    public static CallLoop of(MemoryCall call, int pages, int calls) {
        return new CallLoop(call.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                new ThreadStep.Call(call, pages, pages, true, false), 1, calls, 0, 0, 0, 0);
    }

    /** munmap(2) by every thread, of memory of its own, again and again. */
    public static CallLoop munmapStorm(int pages, int calls) {
        return of(MemoryCall.MUNMAP, pages, calls).named("munmap-storm").onlyOwn().callers(0).faults(1);
    }

    /** mprotect(2) by every thread, of memory that all read. */
    public static CallLoop mprotectChurn(int pages, int calls) {
        return of(MemoryCall.MPROTECT, pages, calls).named("mprotect-churn").callers(0).computeNanos(10_000);
    }

    /** Post-copy: one thread moves the pages it received into the application's range, while the others read. */
    public static CallLoop movesIn(int pages, int calls) {
        return of(MemoryCall.MOVE_IN, pages, calls).named("moves-in").onlyOwn().readsAmong(256);
    }

    /** Eviction: one thread moves pages out of the application's range that all have read. */
    public static CallLoop movesOut(int pages, int calls) {
        return of(MemoryCall.MOVE_OUT, pages, calls).named("moves-out").readsAmong(256);
    }

    /**
     * will-it-scale's {@code tlb_flush2_threads}: every thread writes a page of its own, drops it by MADV_DONTNEED and
     * reads it.
     *
     * @param calls of each thread
     * @param lruLocked whether the kernel drains its batches of new pages in it, as Linux did until 6.13
     * @return for every thread
     */
    public static CallLoop discardLoop(int calls, boolean lruLocked) {
        return new CallLoop("discard-loop", new ThreadStep.Call(MemoryCall.DISCARD, 1, 1, false, lruLocked), 0, calls,
                1,
                0, 0, 0);
    }

    /** Under another name. */
    public CallLoop named(String value) {
        return new CallLoop(value, step, callers, calls, faults, computeNanos, sleepNanos, readsAmong);
    }

    /** With so many threads that call; 0: all. */
    public CallLoop callers(int value) {
        return new CallLoop(name, step, value, calls, faults, computeNanos, sleepNanos, readsAmong);
    }

    /** With so many first touches before and after each call. */
    public CallLoop faults(int value) {
        return new CallLoop(name, step, callers, calls, value, computeNanos, sleepNanos, readsAmong);
    }

    /** With so much computing between two calls. */
    public CallLoop computeNanos(long value) {
        return new CallLoop(name, step, callers, calls, faults, value, sleepNanos, readsAmong);
    }

    /** With so much sleep between two calls. */
    public CallLoop sleepNanos(long value) {
        return new CallLoop(name, step, callers, calls, faults, computeNanos, value, readsAmong);
    }

    /** With the other threads reading so many shared pages. */
    public CallLoop readsAmong(int value) {
        return new CallLoop(name, step, callers, calls, faults, computeNanos, sleepNanos, value);
    }

    /** On pages that nobody but the caller has touched. */
    public CallLoop onlyOwn() {
        return new CallLoop(name,
                new ThreadStep.Call(step.call(), step.pages(), step.pagesPerFlush(), false, step.lruLocked()), callers,
                calls, faults, computeNanos, sleepNanos, readsAmong);
    }

    /** Flushing after every so many pages of a call. */
    public CallLoop pagesPerFlush(int value) {
        return new CallLoop(name,
                new ThreadStep.Call(step.call(), step.pages(), value, step.touchedByAll(), step.lruLocked()), callers,
                calls, faults, computeNanos, sleepNanos, readsAmong);
    }

    @Override
    public @Nullable ThreadScript script(int cpu, int cpus, SplitMix random) {
        return callers == 0 || cpu < callers ? new Rounds() : null;
    }

    @Override
    public @Nullable ThreadScript background(int cpu, int cpus, SplitMix random) {
        return readsAmong == 0 ? null : new BackgroundReads(readsAmong);
    }

    /** The steps of one caller: round after round, without those that there are none of. */
    private final class Rounds implements ThreadScript {
        private static final int STEPS = 5;

        private int round;
        private int stepOfRound = -1;

        @Override
        public @Nullable ThreadStep next() {
            while (round < calls) {
                stepOfRound++;
                if (stepOfRound == STEPS) {
                    stepOfRound = -1;
                    round++;
                    continue;
                }
                ThreadStep next = at(stepOfRound);
                if (next != null) {
                    return next;
                }
            }
            return null;
        }

        private @Nullable ThreadStep at(int index) {
            return switch (index) {
                case 1 -> step;
                case 0, 2 -> faults == 0 ? null : new ThreadStep.Fault(faults);
                case 3 -> computeNanos == 0 ? null : new ThreadStep.Compute(computeNanos);
                default -> sleepNanos == 0 ? null : new ThreadStep.Sleep(sleepNanos);
            };
        }
    }
}
