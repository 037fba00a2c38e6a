package io.faultline.actors;

import io.faultline.machine.MachineSpec;
import io.faultline.oracle.SafetyOracle;
import io.faultline.world.WorldContext;

/** Makes the safety oracle that a machine asks for, as its world needs it. */
final class Oracles {
    /** One page of 64: what is watched of a range of one eviction or prefetch, and what is not costs next to nothing. */
    private static final int SAMPLED_SHIFT = 6;

    private Oracles() {}

    /**
     * @param cpus
     *            how many CPUs the machine has, those of its fetchers included
     */
    static SafetyOracle of(MachineSpec spec, WorldContext world, int cpus) {
        return switch (spec.oracle().in(world.isVirtual())) {
            case OFF, DEFAULT -> SafetyOracle.OFF;
            case SAMPLED -> sampling(spec, world, cpus, SAMPLED_SHIFT);
            case FULL -> world.isVirtual()
                    ? SafetyOracle.checking(world.clock(), spec.flushPolicy().contract(), spec.seed())
                    : sampling(spec, world, cpus, 0);
        };
    }

    private static SafetyOracle sampling(MachineSpec spec, WorldContext world, int cpus, int blockShift) {
        return SafetyOracle.sampling(world.clock(), spec.flushPolicy().contract(), spec.seed(), cpus,
                spec.pageSize().shift(), blockShift);
    }
}
