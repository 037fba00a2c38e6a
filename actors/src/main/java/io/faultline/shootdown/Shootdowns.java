package io.faultline.shootdown;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.faultline.flush.RehearsedPolicy;
import io.faultline.schedule.Schedule;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Runs a machine from its first call to the last flush. */
final class Shootdowns {
    private static final String SYSTEM_NAME = "shootdown";

    private Shootdowns() {}

    static ShootdownResult run(ShootdownSpec spec) {
        if (spec.policy() instanceof RehearsedPolicy rehearsed) {
            var rehearsal = rehearsed.rehearse();
            once(spec.policy(rehearsal.first()));
            return once(spec.policy(rehearsal.second()));
        }
        return once(spec);
    }

    private static ShootdownResult once(ShootdownSpec spec) {
        var built = new AtomicReference<@Nullable Machine>();
        try (VirtualSystem<Object> system = VirtualSystem.boot(SYSTEM_NAME, spec.seed(), Schedule.random(),
                world -> Behaviors.setup(context -> {
                    var machine = new Machine(spec, world);
                    built.set(machine);
                    machine.spawnAll(context);
                    return Behaviors.empty();
                }))) {
            system.loop().runUntilIdle();
            return Objects.requireNonNull(built.get(), "the guardian has not run").end(system.loop().traceHash());
        } finally {
            Machine machine = built.get();
            if (machine != null) {
                machine.close();
            }
        }
    }
}
