package io.faultline.race;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.faultline.explore.Channel;
import io.faultline.explore.Stage;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** Hosts the part of the flush policy that a thread asks: what it sends are messages, each delivered at any moment. */
final class RaceInitiator implements InitiatorPort {
    private record Flushed(int cpu, long ticket) {}

    private final Race race;
    private final Stage stage;
    private final RaceThread thread;
    private final Initiator part;
    private final List<RaceCpu> cpus = new ArrayList<>();
    private final List<Channel> interrupts = new ArrayList<>();
    private final List<Channel> acknowledgements = new ArrayList<>();
    private final Channel timers;
    private final Map<Long, RaceGather> gathers = new HashMap<>();
    private final ArrayDeque<Flushed> flushedLocally = new ArrayDeque<>();
    private long operation = 1;

    RaceInitiator(Race race, int id, RaceThread thread) {
        this.race = race;
        this.thread = thread;
        stage = race.stage();
        timers = stage.channel("timers", thread.script(), thread.script());
        part = race.policy().initiator(id, race.domain(), this);
    }

    void connect(RaceCpu cpu) {
        cpus.add(cpu);
        interrupts.add(stage.channel("interrupts", thread.script(), cpu.script()).when(cpu::takesInterrupts));
        acknowledgements.add(stage.channel("acknowledgements", cpu.script(), thread.script()));
    }

    long operation() {
        return operation;
    }

    int cpuNumber() {
        RaceCpu cpu = thread.cpuOrNull();
        return cpu == null ? FlushRequest.NO_CPU : cpu.number();
    }

    void request(FlushRequest request, RaceGather gather) {
        gathers.put(request.id(), gather);
        tell(initiator -> initiator.request(request));
    }

    void operationEnds() {
        tell(initiator -> initiator.operationEnds(operation++));
    }

    void reuseWanted(FlushRequest request) {
        tell(initiator -> initiator.reuseWanted(request));
    }

    /** The own CPU flushes within the part's call, which must not be called back from there, so it is told afterwards. */
    private void tell(Consumer<Initiator> what) {
        what.accept(part);
        for (Flushed own = flushedLocally.poll(); own != null; own = flushedLocally.poll()) {
            part.acknowledged(own.cpu(), own.ticket());
        }
    }

    void flushedLocally(int cpu, long ticket) {
        flushedLocally.add(new Flushed(cpu, ticket));
    }

    void acknowledge(int cpu, long ticket) {
        acknowledgements.get(cpu).send("acknowledged", () -> tell(initiator -> initiator.acknowledged(cpu, ticket)));
    }

    @Override
    public void sendIpi(int cpu, FlushCommand command) {
        RaceCpu target = cpus.get(cpu);
        stage.note("IPI to CPU " + cpu);
        interrupts.get(cpu).send("flush IPI, generation " + command.generation(), () -> target.interrupted(command));
    }

    @Override
    public void flushSelf(int cpu, FlushCommand command) {
        cpus.get(cpu).flushLocally(command, this);
    }

    @Override
    public void broadcast(FlushCommand command) {
        throw new IllegalStateException("no broadcasts here");
    }

    @Override
    public void sync(long ticket) {
        throw new IllegalStateException("no broadcasts here");
    }

    @Override
    public boolean setFlag(int cpu, int expected, int flags) {
        boolean done = race.domain().words().compareAndSetFlags(cpu, expected, flags);
        stage.note(done ? "flag for CPU " + cpu + ", no IPI" : "CPU " + cpu + " runs again");
        return done;
    }

    /** There is no time here, so a timer may come at any moment. */
    @Override
    public void setTimer(long delayNanos, long timer) {
        timers.send("timer", () -> tell(initiator -> initiator.timer(timer)));
    }

    @Override
    public void settled(FlushRequest request) {
        // A policy that merges requests makes some of its own.
        RaceGather gather = gathers.get(request.id());
        if (gather != null) {
            gather.settled();
        }
    }

    @Override
    public void complete(FlushRequest request) {
        gatherOf(request).completed();
    }

    @Override
    public void release(FlushRequest request) {
        gatherOf(request).released();
    }

    private RaceGather gatherOf(FlushRequest request) {
        RaceGather gather = gathers.get(request.id());
        if (gather == null) {
            throw new IllegalStateException("a request that nobody made: " + request);
        }
        return gather;
    }
}
