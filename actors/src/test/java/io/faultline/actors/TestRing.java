package io.faultline.actors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.PageContents;
import io.faultline.schedule.Schedule;
import io.faultline.units.MemorySize;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A machine's parts in a virtual world with a recorder in every role, so that one actor can be tested among them: nothing
 * waits, nothing happens by itself, and what an actor does not say it has not said.
 */
final class TestRing implements AutoCloseable {
    final MachineParts parts;
    final Recorder<VirtualMachine.Command> machine;
    final Recorder<TlbShootdown.Command> shootdown;
    final Recorder<AddressSpaceOwner.Command> owner;
    final List<Recorder<Memslot.Command>> memslots = new ArrayList<>();
    final List<Recorder<FaultHandler.Command>> handlers = new ArrayList<>();
    final List<Recorder<PageFetcher.Command>> fetchers = new ArrayList<>();
    final List<Recorder<VCpu.Command>> vcpus = new ArrayList<>();
    private final VirtualSystem<Void> system;
    private final Set<ActorRef<?>> dead = new HashSet<>();
    private int spawned;

    TestRing(MachineSpec spec) {
        system = VirtualSystem.boot("ring", spec.seed(), Schedule.random(), _ -> Behaviors.empty());
        machine = recorder();
        shootdown = recorder();
        owner = recorder();
        parts = MachineBuilder.build(spec, system.context(), Workshop.STANDARD, machine.ref());
        parts.enter(shootdown.ref(), owner.ref());
        fill(memslots, parts.memslots());
        fill(handlers, parts.handlers());
        fill(fetchers, parts.fetchers());
        fill(vcpus, parts.vcpus());
    }

    private <C> void fill(List<Recorder<C>> recorders, ActorDirectory<C> directory) {
        for (int index = 0; index < directory.size(); index++) {
            Recorder<C> recorder = recorder();
            recorders.add(recorder);
            directory.enter(index, recorder.ref());
        }
    }

    /** Two vCPUs, 16 pages of tokens in two memslots, one handler, one fetcher with four pages in flight. */
    static MachineSpecBuilder spec() {
        return MachineSpec.builder()
                .vcpus(2)
                .memory(MemorySize.kibibytes(64))
                .memslots(2)
                .handlers(1)
                .fetchers(1)
                .inFlight(4)
                .contents(PageContents.TOKENS)
                .verify(false);
    }

    <M> Recorder<M> recorder() {
        return new Recorder<>(this::spawn);
    }

    <M> ActorRef<M> spawn(Behavior<M> behavior) {
        ActorRef<M> actor = system.system().systemActorOf(behavior, "actor-" + spawned++, Props.empty());
        system.system().systemActorOf(Behaviors.<Void>setup(context -> {
            context.watch(actor);
            return Behaviors.receive(Void.class).onSignal(Terminated.class, _ -> {
                dead.add(actor);
                return Behaviors.stopped();
            }).build();
        }), "watcher-" + spawned, Props.empty());
        settle();
        return actor;
    }

    boolean isDead(ActorRef<?> actor) {
        return dead.contains(actor);
    }

    long now() {
        return system.loop().now();
    }

    /** Lets everything happen that is to happen at this instant. */
    void settle() {
        system.loop().advanceTo(now());
    }

    /** Lets time pass. */
    void pass(long nanos) {
        system.loop().advanceTo(now() + nanos);
    }

    <M> void tell(ActorRef<M> actor, M message) {
        actor.tell(message);
        settle();
    }

    @Override
    public void close() {
        system.close();
        parts.close();
    }
}
