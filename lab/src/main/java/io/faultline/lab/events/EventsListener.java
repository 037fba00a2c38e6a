package io.faultline.lab.events;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.faultline.machine.MachineListener;
import io.faultline.ring.Resolution;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a machine does as it happens: a track for each vCPU with its faults and the interrupts it took, one for
 * each memslot with its installs, one for each read a fetcher has under way, one for each flush under way. It keeps a few
 * words for each track and none for what has ended.
 *
 * <p>Thread-safe: one writes while others wait. What goes wrong while writing ends the writing and is thrown by
 * {@link #finish}.
 */
public final class EventsListener implements MachineListener {
    private static final int VCPUS = 1;
    private static final int MEMSLOTS = 2;
    private static final int FETCHES = 3;
    private static final int FLUSHES = 4;
    /** More reads than one fetcher has under way at once. */
    private static final int FETCHER_TIDS = 1 << 20;
    private static final int IPIS_TID = 1;
    private static final int RELEASED_TID = 2;
    private static final int FIRST_FLUSH_TID = 3;

    private interface Writing {
        void to(TraceEventWriter writer) throws IOException;
    }

    private final List<@Nullable Track> cpus = new ArrayList<>();
    private final List<@Nullable Track> memslots = new ArrayList<>();
    private final List<Lanes> fetchers = new ArrayList<>();
    private final Lanes flushes = new Lanes(FLUSHES, FIRST_FLUSH_TID, lane -> "flush " + lane);
    private final Track ipisSent = new Track(FLUSHES, IPIS_TID);
    private final Track released = new Track(FLUSHES, RELEASED_TID);
    private final boolean fromZero;
    private final int vcpus;
    private @Nullable TraceEventWriter writer;
    private @Nullable IOException failure;
    private long originNanos;
    private long lastNanos;
    private boolean begun;

    /**
     * A listener that writes nothing until {@link #begin}.
     *
     * @param fromZero whether the world's clock begins at 0; otherwise the first event's time is taken off all
     * @param vcpus how many vCPUs the machine has: the CPUs behind theirs are the fetchers'
     */
    public EventsListener(boolean fromZero, int vcpus) {
        this.fromZero = fromZero;
        this.vcpus = vcpus;
    }

    /**
     * Begins to write.
     *
     * @param out buffered; the caller closes it after {@link #finish}
     * @throws IOException as the stream
     */
    public synchronized void begin(OutputStream out) throws IOException {
        TraceEventWriter opened = new TraceEventWriter(out);
        opened.nameProcess(VCPUS, "vCPUs");
        opened.nameProcess(MEMSLOTS, "memslots");
        opened.nameProcess(FETCHES, "fetches");
        opened.nameProcess(FLUSHES, "flushes");
        opened.nameTrack(ipisSent, "IPIs sent");
        opened.nameTrack(released, "reuse allowed");
        writer = opened;
    }

    /**
     * Ends what never ended, and the document. Nothing is written afterwards.
     *
     * @throws IOException what went wrong, now or before
     */
    public synchronized void finish() throws IOException {
        TraceEventWriter ending = writer;
        if (ending != null) {
            write(lastNanos + originNanos, this::endAll);
            write(lastNanos + originNanos, TraceEventWriter::finish);
        }
        writer = null;
        if (failure != null) {
            throw failure;
        }
    }

    private void endAll(TraceEventWriter ending) throws IOException {
        for (Track vcpu : cpus) {
            if (vcpu != null && vcpu.isOpen()) {
                endUnfinished(ending, "fault", vcpu, "lost");
            }
        }
        for (Lanes fetcher : fetchers) {
            for (Track lane : fetcher.taken()) {
                endUnfinished(ending, "fetch", lane, "abandoned");
            }
        }
        for (Track lane : flushes.taken()) {
            endUnfinished(ending, "flush", lane, "incomplete");
        }
    }

    private void endUnfinished(TraceEventWriter ending, String name, Track track, String how) throws IOException {
        ending.startEnd(name, track, lastNanos);
        ending.argument(how, true);
        ending.end();
    }

    @Override
    public synchronized void faultRaised(long nanos, int vcpu, long page, boolean write) {
        write(nanos, to -> {
            Track track = track(cpus, VCPUS, cpuName(vcpu), vcpu, to);
            track.open(true);
            to.startBegin("fault", track, lastNanos);
            to.argument("page", page);
            to.argument("access", write ? "write" : "read");
            to.end();
        });
    }

    @Override
    public synchronized void faultResolved(long nanos, int vcpu, long page, boolean failed) {
        write(nanos, to -> {
            Track track = track(cpus, VCPUS, cpuName(vcpu), vcpu, to);
            track.open(false);
            to.startEnd("fault", track, lastNanos);
            to.argument("failed", failed);
            to.end();
        });
    }

    @Override
    public synchronized void fetchBegan(long nanos, int fetcher, long page) {
        write(nanos, to -> {
            for (Lanes lanes : fetchers) {
                endFetch(lanes, page, "abandoned", true, to); // whoever was at it has crashed since
            }
            Track lane = lanesOf(fetcher).take(page, to);
            to.startBegin("fetch", lane, lastNanos);
            to.argument("page", page);
            to.end();
        });
    }

    @Override
    public synchronized void fetchEnded(long nanos, int fetcher, long page, boolean failed) {
        write(nanos, to -> endFetch(lanesOf(fetcher), page, "failed", failed, to));
    }

    private void endFetch(Lanes lanes, long page, String how, boolean was, TraceEventWriter to) throws IOException {
        Track lane = lanes.give(page);
        if (lane != null) {
            to.startEnd("fetch", lane, lastNanos);
            to.argument(how, was);
            to.end();
        }
    }

    @Override
    public synchronized void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {
        write(nanos, to -> {
            to.startInstant("install", track(memslots, MEMSLOTS, "memslot-" + memslot, memslot, to), lastNanos);
            to.argument("resolution", resolution.name().toLowerCase(Locale.ROOT));
            to.argument("firstPage", firstPage);
            to.argument("pages", pages);
            to.end();
        });
    }

    @Override
    public synchronized void flushRequested(long nanos, long request, long startGpa, long endGpa) {
        write(nanos, to -> {
            to.startBegin("flush", flushes.take(request, to), lastNanos);
            to.argument("request", request);
            to.argument("startGpa", startGpa);
            to.argument("endGpa", endGpa);
            to.end();
        });
    }

    @Override
    public synchronized void flushCompleted(long nanos, long request) {
        write(nanos, to -> {
            Track lane = flushes.give(request);
            if (lane != null) {
                to.startEnd("flush", lane, lastNanos);
                to.end();
            }
        });
    }

    @Override
    public synchronized void flushReleased(long nanos, long request) {
        write(nanos, to -> {
            to.startInstant("released", released, lastNanos);
            to.argument("request", request);
            to.end();
        });
    }

    @Override
    public synchronized void ipiSent(long nanos, int cpu, long ticket) {
        write(nanos, to -> {
            to.startInstant("ipi", ipisSent, lastNanos);
            to.argument("cpu", cpu);
            to.argument("ticket", ticket);
            to.end();
        });
    }

    @Override
    public synchronized void ipiTaken(long nanos, int cpu, int commands) {
        write(nanos, to -> {
            to.startInstant("ipi", track(cpus, VCPUS, cpuName(cpu), cpu, to), lastNanos);
            to.argument("commands", commands);
            to.end();
        });
    }

    private void write(long nanos, Writing writing) {
        TraceEventWriter to = writer;
        if (to == null || failure != null) {
            return;
        }
        if (!begun) {
            begun = true;
            originNanos = fromZero ? 0 : nanos;
        }
        lastNanos = Math.max(0, nanos - originNanos);
        try {
            writing.to(to);
        } catch (IOException e) {
            failure = e;
        }
    }

    private String cpuName(int cpu) {
        return cpu < vcpus ? "vcpu-" + cpu : "CPU of fetcher-" + (cpu - vcpus);
    }

    private static Track track(List<@Nullable Track> tracks, int pid, String name, int index, TraceEventWriter to)
            throws IOException {
        while (tracks.size() <= index) {
            tracks.add(null);
        }
        Track track = tracks.get(index);
        if (track == null) {
            track = new Track(pid, index + 1); // 0 would be the process itself
            tracks.set(index, track);
            to.nameTrack(track, name);
        }
        return track;
    }

    private Lanes lanesOf(int fetcher) {
        while (fetchers.size() <= fetcher) {
            int number = fetchers.size();
            fetchers.add(new Lanes(FETCHES, 1 + number * FETCHER_TIDS, lane -> "fetcher-" + number + " read " + lane));
        }
        return fetchers.get(fetcher);
    }
}
