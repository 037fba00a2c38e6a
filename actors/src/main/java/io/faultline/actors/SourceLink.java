package io.faultline.actors;

import java.util.function.ToLongFunction;

import io.faultline.machine.MachineSpec;
import io.faultline.ring.PageBatch;
import io.faultline.stream.Gcra;
import io.faultline.stream.RateLimit;
import io.faultline.world.WorldContext;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/** The link to a machine's source, with its rate: one for all fetchers in virtual time, on threads a share for each. */
final class SourceLink {
    /** A limit may be run ahead of by what arrives in this time: timers on busy threads are late by as much. */
    private static final long BURST_NANOS = 10_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final MachineSpec spec;
    private final WorldContext world;
    private final @Nullable Gcra shared;

    SourceLink(MachineSpec spec, WorldContext world) {
        this.spec = spec;
        this.world = world;
        long bytesPerSecond = spec.sourceTiming().bytesPerSecond();
        this.shared = world.isVirtual() && bytesPerSecond > 0 ? new Gcra(bytesPerSecond, 0) : null;
    }

    /** The link as a stage of one fetcher's stream. */
    Flow<PageBatch, PageBatch, NotUsed> stage() {
        long bytesPerSecond = spec.sourceTiming().bytesPerSecond();
        if (bytesPerSecond == 0) {
            return Flow.create();
        }
        long pageBytes = spec.pageSize().bytes();
        ToLongFunction<PageBatch> bytes = batch -> batch.count() * pageBytes;
        Gcra link = shared;
        if (link != null) {
            return Flow.<PageBatch>create().via(RateLimit.shared(world, link, bytes));
        }
        long rate = Math.max(1, bytesPerSecond / spec.fetchers());
        return Flow.<PageBatch>create()
                .via(new RateLimit<>(world, rate, rate / (NANOS_PER_SECOND / BURST_NANOS), bytes));
    }
}
