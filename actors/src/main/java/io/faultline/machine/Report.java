package io.faultline.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a run did. The components' names are the names of the report's JSON fields, in their order; units are in the
 * names. In the world {@code virtual} everything but the fields that begin with {@code wall} depends on the spec, the
 * workload and the seed only.
 *
 * @param world threads, virtual or linux
 * @param seed what everything random came from
 * @param vcpus how many vCPUs ran
 * @param memslots how many memslots held the memory
 * @param memoryBytes guest-physical memory
 * @param wallNanos how long the run took on a clock on the wall
 * @param virtualNanos how far virtual time went; 0 in other worlds
 * @param traceHash 16 hexadecimal digits over everything that happened, in order; null in other worlds than virtual
 * @param accesses what the vCPUs did
 * @param faults what became of their faults
 * @param pages what was installed and found right
 * @param io what was read
 * @param flush what was flushed
 * @param queues how deep queues became
 * @param chaos failures made on purpose, by kind, in the kinds' order; those that never happened are left out
 * @param violations what the safety oracle found wrong, one line each (the first ones, when there were many)
 * @param wallTimerLateNanosMax by how much the latest timed delivery was late, in worlds on real clocks
 */
public record Report(String world, long seed, int vcpus, int memslots, long memoryBytes, long wallNanos,
        long virtualNanos, @Nullable String traceHash, AccessReport accesses, FaultReport faults, PageReport pages,
        IoReport io, FlushReport flush, List<QueueReport> queues, Map<String, Long> chaos, List<String> violations,
        long wallTimerLateNanosMax) {

    /** Copies what it is given. */
    public Report {
        queues = List.copyOf(queues);
        chaos = Collections.unmodifiableMap(new LinkedHashMap<>(chaos)); // keeps the order, which Map.copyOf does not
        violations = List.copyOf(violations);
    }

    /** A trace hash as the report shows it. */
    public static String traceHash(long hash) {
        return String.format("%016x", hash);
    }

    /** The same with a virtual world's trace hash. */
    public Report withTraceHash(long hash) {
        return new Report(world, seed, vcpus, memslots, memoryBytes, wallNanos, virtualNanos, traceHash(hash), accesses,
                faults, pages, io, flush, queues, chaos, violations, wallTimerLateNanosMax);
    }

    /** The same with the time it took on the clock on the wall. */
    public Report withWallNanos(long nanos) {
        return new Report(world, seed, vcpus, memslots, memoryBytes, nanos, virtualNanos, traceHash, accesses, faults,
                pages, io, flush, queues, chaos, violations, wallTimerLateNanosMax);
    }

    /** The same with the lateness of the world's timer. */
    public Report withTimerLateNanosMax(long nanos) {
        return new Report(world, seed, vcpus, memslots, memoryBytes, wallNanos, virtualNanos, traceHash, accesses,
                faults, pages, io, flush, queues, chaos, violations, nanos);
    }

    /** A rate for the report: 0 when no time passed. */
    public static double perSecond(long count, long nanos) {
        return nanos <= 0 ? 0 : count * 1e9 / nanos;
    }

    /** Whether everything held that must hold; what a command's exit code 0 says. */
    public boolean invariantsHeld() {
        return brokenInvariants().isEmpty();
    }

    /** Every invariant that did not hold, one line each that names the field, its value and what it should be. */
    public List<String> brokenInvariants() {
        List<String> broken = new ArrayList<>();
        mustBeZero(broken, "faults.lost", faults.lost(), "vCPUs still halted when the machine was idle");
        mustBeZero(broken, "pages.corrupt", pages.corrupt(), "reads that saw other bytes than they must");
        mustBeZero(broken, "flush.violations", flush.violations(), "broken invariants of the safety oracle");
        long ended = faults.resolved() + faults.failed() + faults.lost();
        if (faults.raised() != ended) {
            broken.add("faults.raised is " + faults.raised() + ", but resolved + failed + lost is " + ended);
        }
        mustNotExceed(broken, "io.inFlightPeak", io.inFlightPeak(), io.inFlightLimit());
        for (QueueReport queue : queues) {
            mustNotExceed(broken, "queues." + queue.name() + ".depthPeak", queue.depthPeak(), queue.depthLimit());
        }
        broken.addAll(violations);
        return List.copyOf(broken);
    }

    private static void mustBeZero(List<String> broken, String field, long value, String meaning) {
        if (value != 0) {
            broken.add(field + " is " + value + ", must be 0: " + meaning);
        }
    }

    private static void mustNotExceed(List<String> broken, String field, long value, long limit) {
        if (value > limit) {
            broken.add(field + " is " + value + ", must not exceed " + limit);
        }
    }
}
