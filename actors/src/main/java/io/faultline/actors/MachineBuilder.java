package io.faultline.actors;

import io.faultline.flush.RehearsedPolicy;
import io.faultline.kernel.HostKernel;
import io.faultline.machine.BorrowedSource;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.PageContents;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.PageSource;
import io.faultline.source.PageStore;
import io.faultline.source.SourceShape;
import io.faultline.source.StoreShape;
import io.faultline.world.WorldContext;
import io.faultline.world.internal.WallClockReads;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a machine, or leaves nothing open. */
final class MachineBuilder {
    private MachineBuilder() {}

    /**
     * Builds a machine's parts.
     *
     * @throws InvalidInputException
     *             when the source cannot be opened, or the machine does not fit
     */
    static MachineParts build(MachineSpec spec, WorldContext world, Workshop workshop,
            ActorRef<VirtualMachine.Command> machine) {
        if (spec.arrivalsPerSecond() > 0 && !world.isVirtual()) {
            throw new InvalidInputException("arrivals at " + spec.arrivalsPerSecond()
                    + "/s need the world virtual: on threads a timer is late by more than such gaps");
        }
        if (spec.flushPolicy() instanceof RehearsedPolicy policy) {
            throw new InvalidInputException("flush policy " + policy.name()
                    + " has to run a seed twice, which only a whole run in the world virtual can: not on threads, and not"
                    + " a machine that is driven from outside");
        }
        PageSource source = spec.source().open(new SourceShape(spec.memory().bytes(), spec.seed()));
        PageStore store = null;
        HostKernel hostKernel = null;
        try {
            if (spec.evicts()) {
                store = spec.store()
                        .open(new StoreShape(spec.memory().bytes(), spec.contents() == PageContents.TOKENS));
            }
            if (world.isVirtual()) {
                refuseWallClocks(spec, source, store);
            }
            hostKernel = workshop.kernel(spec);
            return new MachineParts(spec, world, workshop, machine, source, store, hostKernel);
        } catch (RuntimeException failure) {
            source.close();
            if (hostKernel != null) {
                hostKernel.close();
            }
            if (store != null) {
                store.close();
            }
            throw failure;
        }
    }

    private static void refuseWallClocks(MachineSpec spec, PageSource source, @Nullable PageStore store) {
        WallClockReads.refuse("page source " + source.name(),
                source instanceof BorrowedSource(PageSource owned) ? owned : source);
        WallClockReads.refuse("the page store", store);
        WallClockReads.refuse("the resolution policy", spec.resolutionPolicy());
        WallClockReads.refuse("flush policy " + spec.flushPolicy().name(), spec.flushPolicy());
    }
}
