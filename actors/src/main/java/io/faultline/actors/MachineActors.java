package io.faultline.actors;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;

import io.faultline.machine.MachineSpec;
import io.faultline.source.PageStore;
import io.faultline.staging.StagingRange;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.pattern.StatusReply;

/**
 * The children of a machine: spawns them in the order in which they need one another, and spawns the replacement of one
 * that crashed and tells those who had given it work. Belongs to the machine's actor.
 */
final class MachineActors {
    /** What an actor that is watched is to the machine. */
    enum Role {
        HANDLER(1), FETCHER(2), MEMSLOT(3), SHOOTDOWN(4), ADDRESS_SPACE(5), SAVER(6), CPU(7);

        private final int traceCode;

        Role(int traceCode) {
            this.traceCode = traceCode;
        }
    }

    private final MachineParts parts;
    private final MachineSpec spec;
    private final ActorContext<VirtualMachine.Command> context;
    private final BiFunction<Role, Integer, VirtualMachine.Command> crashed;
    /** Protections under way, in the order in which they were asked for. */
    private final Set<ActorRef<ProtectGatherer.Command>> gatherers = new LinkedHashSet<>();

    MachineActors(MachineParts parts, ActorContext<VirtualMachine.Command> context,
            BiFunction<Role, Integer, VirtualMachine.Command> crashed) {
        this.parts = parts;
        this.spec = parts.spec();
        this.context = context;
        this.crashed = crashed;
    }

    void spawnAll() {
        parts.enter(spawn(parts.workshop().shootdown(parts), "shootdown", Role.SHOOTDOWN, 0),
                spawn(AddressSpaceOwner.create(parts), "address-space", Role.ADDRESS_SPACE, 0));
        PageStore store = parts.store();
        if (store != null) {
            parts.enterSaver(spawn(PageSaver.create(parts, store), "saver", Role.SAVER, 0));
        }
        for (int cpu = 0; cpu < parts.cpus().actors().size(); cpu++) {
            parts.cpus().actors().enter(cpu, spawn(Cpu.create(parts, cpu), "cpu-" + cpu, Role.CPU, cpu));
        }
        for (int memslot = 0; memslot < spec.memslots(); memslot++) {
            parts.memslots()
                    .enter(memslot,
                            spawn(parts.workshop().memslot(parts, memslot, 0), "memslot-" + memslot, Role.MEMSLOT,
                                    memslot));
            attend(memslot);
        }
        for (int handler = 0; handler < spec.handlers(); handler++) {
            parts.handlers()
                    .enter(handler,
                            spawn(FaultHandler.create(parts, handler, 0), "handler-" + handler, Role.HANDLER, handler));
        }
        for (int fetcher = 0; fetcher < spec.fetchers(); fetcher++) {
            parts.fetchers()
                    .enter(fetcher,
                            spawn(PageFetcher.create(parts, fetcher, 0), "fetcher-" + fetcher, Role.FETCHER, fetcher));
        }
        for (int vcpu = 0; vcpu < spec.vcpus(); vcpu++) {
            parts.vcpus()
                    .enter(vcpu, context.spawn(parts.kernel().vcpu(parts, vcpu), "vcpu-" + vcpu,
                            parts.world().dispatcher()));
        }
    }

    private <C> ActorRef<C> spawn(Behavior<C> behavior, String name, Role role, int index) {
        ActorRef<C> actor = context.spawn(behavior, name, dispatcher(role, index));
        context.watchWith(actor, crashed.apply(role, index));
        return actor;
    }

    private DispatcherSelector dispatcher(Role role, int index) {
        return switch (role) {
            case HANDLER, FETCHER, MEMSLOT -> parts.world().dispatcher(index);
            case SHOOTDOWN, ADDRESS_SPACE, SAVER, CPU -> parts.world().dispatcher();
        };
    }

    void replace(Role role, int index) {
        parts.world().trace(TraceKinds.REPLACED, role.traceCode, index);
        switch (role) {
            case HANDLER -> replaceHandler(index);
            case FETCHER -> replaceFetcher(index);
            case MEMSLOT -> replaceMemslot(index);
            case SHOOTDOWN, ADDRESS_SPACE, SAVER, CPU ->
                    throw new IllegalArgumentException(role + " cannot be replaced");
        }
    }

    private void replaceHandler(int index) {
        int incarnation = parts.handlers().nextIncarnation(index);
        parts.handlers()
                .replace(index, spawn(FaultHandler.create(parts, index, incarnation),
                        "handler-" + index + "-" + incarnation, Role.HANDLER, index));
        for (int fetcher = 0; fetcher < spec.fetchers(); fetcher++) {
            parts.fetchers().get(fetcher).tell(new PageFetcher.HandlerReplaced(index, incarnation));
        }
        tellMemslots(new Memslot.Replaced("handler " + index));
    }

    private void replaceFetcher(int index) {
        int incarnation = parts.fetchers().nextIncarnation(index);
        StagingRange retired = parts.moves() ? parts.staging().replace(index) : null;
        parts.fetchers()
                .replace(index, spawn(PageFetcher.create(parts, index, incarnation),
                        "fetcher-" + index + "-" + incarnation, Role.FETCHER, index));
        if (retired != null) {
            // What its CPU was asked before the new one had its name, and did not answer.
            parts.fetchers().get(index).tell(PageFetcher.Interrupt.INSTANCE);
            parts.shootdown().tell(new TlbShootdown.ReuseWanted(index, false));
            // Before the memslots, who tell it that they moved the last page from there.
            parts.addressSpaceOwner().tell(new AddressSpaceOwner.Retire(retired));
        }
        tellMemslots(new Memslot.Replaced("fetcher " + index, retired));
    }

    private void tellMemslots(Memslot.Replaced replaced) {
        for (int memslot = 0; memslot < spec.memslots(); memslot++) {
            parts.memslots().get(memslot).tell(replaced);
        }
    }

    /** A kernel tells a memslot of faults by itself; one that is simulated is told by who looks the memslot up. */
    private void attend(int memslot) {
        if (parts.kernel().isReal()) {
            parts.memslots().get(memslot).tell(Memslot.Attend.INSTANCE);
        }
    }

    private void replaceMemslot(int index) {
        int incarnation = parts.memslots().nextIncarnation(index);
        parts.memslots()
                .replace(index, spawn(parts.workshop().memslot(parts, index, incarnation),
                        "memslot-" + index + "-" + incarnation, Role.MEMSLOT, index));
        for (int fetcher = 0; fetcher < spec.fetchers(); fetcher++) {
            parts.fetchers().get(fetcher).tell(new PageFetcher.MemslotReplaced(index));
        }
        attend(index); // after the fetchers, who take what they lent to be lost with the memslot before
        parts.addressSpaceOwner().tell(new AddressSpaceOwner.MemslotReplaced(index));
        gatherers.forEach(gatherer -> gatherer.tell(new ProtectGatherer.MemslotReplaced(index, incarnation)));
        for (int vcpu = 0; vcpu < spec.vcpus(); vcpu++) {
            parts.vcpus().get(vcpu).tell(new VCpu.MemslotReplaced(index));
        }
    }

    /** Has every memslot concerned protect its part, and answers when all have. */
    void writeProtect(long gpa, long bytes, ActorRef<StatusReply<VirtualMachine.Done>> replyTo) {
        int shift = spec.pageSize().shift();
        ActorRef<ProtectGatherer.Command> gatherer =
                context.spawnAnonymous(
                        ProtectGatherer.create(parts, gpa >>> shift, (gpa + bytes) >>> shift, replyTo),
                        parts.world().dispatcher());
        gatherers.add(gatherer);
        context.watchWith(gatherer, new VirtualMachine.ProtectEnded(gatherer));
    }

    void protectEnded(ActorRef<ProtectGatherer.Command> gatherer) {
        gatherers.remove(gatherer);
    }
}
