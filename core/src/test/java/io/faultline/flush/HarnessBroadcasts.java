package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The broadcasts of one initiator that are on their way to the CPUs' TLBs, and who waits for them. */
final class HarnessBroadcasts {
    private final IntFunction<HarnessCpu> cpus;
    private final List<OnItsWay> onTheirWay = new ArrayList<>();
    private final List<Long> syncs = new ArrayList<>();

    /** Whether the CPU that broadcast left meanwhile, so that no later synchronisation waits for this. */
    private static final class OnItsWay {
        private final int cpu;
        private final FlushCommand command;
        private boolean orphaned;

        OnItsWay(int cpu, FlushCommand command) {
            this.cpu = cpu;
            this.command = command;
        }
    }

    HarnessBroadcasts(IntFunction<HarnessCpu> cpus) {
        this.cpus = cpus;
    }

    void broadcast(FlushCommand command) {
        for (int cpu = 0; cpu < FlushHarness.CPUS; cpu++) {
            onTheirWay.add(new OnItsWay(cpu, command));
        }
    }

    void sync(long ticket) {
        syncs.add(ticket);
    }

    /** A CPU that synchronises does nothing else. */
    boolean isSyncing() {
        return !syncs.isEmpty();
    }

    boolean isEmpty() {
        return onTheirWay.isEmpty() && syncs.isEmpty();
    }

    void offer(List<FlushHarness.Step> steps, int owner, Initiator part) {
        for (OnItsWay each : onTheirWay) {
            steps.add(new FlushHarness.Step(owner, "CPU " + each.cpu + "'s TLB hears " + each.command,
                    () -> take(each)));
        }
        if (onTheirWay.stream().allMatch(each -> each.orphaned)) {
            for (Long ticket : syncs) {
                steps.add(new FlushHarness.Step(owner, "synced " + ticket, () -> {
                    syncs.remove(ticket);
                    part.synced(ticket);
                }));
            }
        }
    }

    private void take(OnItsWay each) {
        onTheirWay.remove(each);
        cpus.apply(each.cpu).invalidateByHardware(each.command);
    }

    /** The CPU waits for all it has broadcast. */
    void syncNow() {
        List.copyOf(onTheirWay).stream().filter(each -> !each.orphaned).forEach(this::take);
    }

    /** Another thread's CPU now: nobody can wait for what is still on its way. */
    void departed() {
        onTheirWay.forEach(each -> each.orphaned = true);
    }
}
