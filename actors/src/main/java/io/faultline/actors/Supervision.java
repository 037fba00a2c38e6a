package io.faultline.actors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a machine does about a child that crashed: replaces it, or says that the machine cannot go on. Belongs to the
 * machine's actor.
 */
final class Supervision {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachine.class);

    private final MachineParts parts;
    private final MachineActors actors;
    private final CrashLimit limit = new CrashLimit();

    Supervision(MachineParts parts, MachineActors actors) {
        this.parts = parts;
        this.actors = actors;
    }

    /**
     * A child crashed.
     *
     * @return why the machine cannot go on; null when the child is replaced
     */
    @Nullable
    RuntimeException crashed(MachineActors.Role role, int index) {
        if (limit.isReached(parts.shards().sum(VcpuShard.RESOLVED))) {
            return new IllegalStateException("the machine's " + role + " " + index + " crashed, the "
                    + CrashLimit.CRASHES + " crashes before served no fault: replacing it does not help");
        }
        LOG.warn("{} {} crashed and is replaced", role, index);
        return switch (role) {
            case HANDLER, FETCHER, MEMSLOT -> {
                actors.replace(role, index);
                yield null;
            }
            case CPU -> new IllegalStateException("the machine's CPU " + index + " died, and with it who waits for it");
            case SHOOTDOWN, ADDRESS_SPACE, SAVER -> new IllegalStateException(
                    "the machine's " + role + " died, and with it what it held back from reuse");
        };
    }
}
