package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;

/** Writes down every effect of a part, and does nothing else. */
final class RecordingHost implements InitiatorPort, CpuPort {
    private final List<String> effects = new ArrayList<>();
    private final List<FlushCommand> commands = new ArrayList<>();

    /** What happened since it was last asked. */
    List<String> take() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    FlushCommand lastCommand() {
        return commands.getLast();
    }

    @Override
    public void sendIpi(int cpu, FlushCommand command) {
        commands.add(command);
        effects.add("ipi " + cpu);
    }

    @Override
    public void flushSelf(int cpu, FlushCommand command) {
        commands.add(command);
        effects.add("self " + cpu);
    }

    @Override
    public void broadcast(FlushCommand command) {
        effects.add("broadcast");
    }

    @Override
    public void sync(long ticket) {
        effects.add("sync " + ticket);
    }

    @Override
    public boolean setFlag(int cpu, int expected, int flags) {
        effects.add("flag " + cpu);
        return true;
    }

    @Override
    public void setTimer(long delayNanos, long timer) {
        effects.add("timer " + timer);
    }

    @Override
    public void settled(FlushRequest request) {
        effects.add("settled " + request.id());
    }

    @Override
    public void complete(FlushRequest request) {
        effects.add("complete " + request.id());
    }

    @Override
    public void release(FlushRequest request) {
        effects.add("release " + request.id());
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        effects.add("invalidate " + asid + " " + Long.toHexString(start) + ".." + Long.toHexString(end));
    }

    @Override
    public void flushSpace(int asid) {
        effects.add("flush " + asid);
    }

    @Override
    public void flushAll() {
        effects.add("flush all");
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        effects.add("acknowledge " + ticket);
    }
}
