package io.faultline.actors;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.PendingInterrupts;
import io.faultline.world.Outbox;

/**
 * What the shootdown has asked of the machine's CPUs, the vCPUs' and the fetchers', and how much of that is unanswered. A
 * vCPU that an interrupt is on its way to is sent no second one ({@link PendingInterrupts}). Not thread-safe: the shootdown
 * owns it.
 */
final class CpuSignals {
    private static final int UNANSWERED_BROADCASTS_MOST = 64;

    private final MachineParts parts;
    private final Broadcasts broadcasts = new Broadcasts();
    private int unansweredInterrupts;

    CpuSignals(MachineParts parts) {
        this.parts = parts;
    }

    /**
     * Asks one CPU.
     *
     * @return whether that took an interrupt of its own
     */
    boolean interrupt(int cpu, FlushCommand command, Outbox out) {
        if (cpu >= parts.vcpus().size()) {
            signalFetcher(cpu - parts.vcpus().size(), command, HostSignals.NO_BROADCAST, out);
            return true;
        }
        boolean needed = parts.cpus().interrupts().add(cpu, command);
        if (needed) {
            unansweredInterrupts++;
            out.tell(parts.vcpus().get(cpu), VCpu.Interrupt.INSTANCE);
        }
        return needed;
    }

    /** A vCPU's CPU has taken its interrupt. */
    void answered(int cpu) {
        unansweredInterrupts--;
        assert unansweredInterrupts >= 0 : "CPU " + cpu + " answers an interrupt that nobody sent";
    }

    /** Has every CPU that may hold translations of the command's address space invalidate. */
    void broadcast(FlushCommand command, Outbox out) {
        if (command.asid() == MachineParts.HOST_ASID) {
            long broadcast = broadcasts.begin(parts.fetchers().size());
            for (int fetcher = 0; fetcher < parts.fetchers().size(); fetcher++) {
                signalFetcher(fetcher, command, broadcast, out);
            }
            return;
        }
        if (parts.cpus().isShared()) {
            ActorDirectory<Cpu.Command> cpus = parts.cpus().actors();
            long broadcast = broadcasts.begin(cpus.size());
            for (int cpu = 0; cpu < cpus.size(); cpu++) {
                out.tell(cpus.get(cpu), new Cpu.Invalidate(command, broadcast));
            }
            return;
        }
        long broadcast = broadcasts.begin(parts.vcpus().size());
        for (int cpu = 0; cpu < parts.vcpus().size(); cpu++) {
            out.tell(parts.vcpus().get(cpu), new VCpu.Invalidate(command, broadcast));
        }
    }

    private void signalFetcher(int fetcher, FlushCommand command, long broadcast, Outbox out) {
        parts.staging().signals().add(fetcher, command, broadcast);
        out.tell(parts.fetchers().get(fetcher), PageFetcher.Interrupt.INSTANCE);
    }

    Broadcasts broadcasts() {
        return broadcasts;
    }

    /**
     * Whether more may be asked: whoever asks while vCPUs are being interrupted goes out together with all who do, and
     * costs each CPU nothing more.
     */
    boolean mayAskMore() {
        return unansweredInterrupts == 0 && broadcasts.unanswered() < UNANSWERED_BROADCASTS_MOST;
    }
}
