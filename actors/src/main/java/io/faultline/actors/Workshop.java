package io.faultline.actors;

import io.faultline.kernel.HostKernel;
import io.faultline.machine.MachineSpec;
import io.faultline.ring.MemslotLedger;
import io.faultline.space.AddressSpace;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.WakeSink;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;

/**
 * Makes those parts of a machine that keep a safety rule on which other parts rely. Every machine is made by this one; the
 * tests give a machine another that leaves one rule out, and see that verification or the oracle tells.
 *
 * <p>
 * Threading: called by whichever actor needs the part; keeps nothing.
 */
class Workshop {
    /** What every machine is made by. */
    static final Workshop STANDARD = new Workshop();

    /** The same over a kernel that is not simulated. */
    static Workshop over(HostKernel.Opening opening) {
        return new Workshop() {
            @Override
            HostKernel kernel(MachineSpec spec) {
                return opening.open(spec);
            }
        };
    }

    /** Opens the memory of a machine on a kernel that is not simulated; null for the one that is. */
    @Nullable
    HostKernel kernel(MachineSpec spec) {
        return null;
    }

    /** One memslot's userfaultfd: it looks at the page again before it queues who faulted on it. */
    SimulatedUserfaultPort port(int id, AddressSpace space, long features, WakeSink sink) {
        return new SimulatedUserfaultPort(id, space, features, sink);
    }

    /** What one memslot knows of its pages: it tells late installs from those still wanted. */
    MemslotLedger ledger(MachineParts parts, MemslotParts own, int incarnation) {
        return new MemslotLedger(own.pages(), parts.space().hva(), own.removed(), parts.counters(),
                parts.spec().resolutionPolicy().prefetchPages(), incarnation);
    }

    Behavior<Memslot.Command> memslot(MachineParts parts, int index, int incarnation) {
        return Memslot.create(parts, index, incarnation);
    }

    /** Answers those who asked for a flush when it is over, and not before. */
    Behavior<TlbShootdown.Command> shootdown(MachineParts parts) {
        return TlbShootdown.create(parts);
    }
}
