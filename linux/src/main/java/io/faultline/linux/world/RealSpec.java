package io.faultline.linux.world;

import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;

/** What a machine on the real kernel cannot be. */
final class RealSpec {
    private static final String STRICT = "strict";

    private RealSpec() {}

    /**
     * Refuses what the kernel does not do, or what is not built yet.
     *
     * @throws InvalidInputException naming the first value, with the reason
     */
    static void check(MachineSpec spec) {
        refuseUnless(spec.contents() == PageContents.BYTES, "contents " + spec.contents(), "real memory holds bytes");
        refuseUnless(spec.flushPolicy().name().equals(STRICT), "flush policy " + spec.flushPolicy().name(),
                "the kernel flushes before the call returns, so it is " + STRICT + " that describes it");
        refuseUnless(spec.oracle() == OracleLevel.DEFAULT || spec.oracle() == OracleLevel.OFF,
                "safety oracle " + spec.oracle(), "nobody sees the TLBs of real CPUs");
        refuseUnless(spec.cpus() == spec.vcpus(), spec.cpus() + " CPUs", "the CPUs are real ones");
        refuseUnless(spec.pageSize() == PageSize.SIZE_4K, "pages of " + spec.pageSize(), "not available yet");
        refuseUnless(!spec.minorFaults() && spec.backing() == Backing.ANON, "backing " + spec.backing(),
                "not available yet");
        refuseUnless(spec.resolveBy() == ResolveBy.COPY, "resolving by " + spec.resolveBy(), "not available yet");
        refuseUnless(!spec.evicts(), "evicting above " + spec.evictAbovePercent() + " %", "not available yet");
    }

    private static void refuseUnless(boolean condition, String what, String why) {
        if (!condition) {
            throw new InvalidInputException(what + " in the world " + LinuxWorld.NAME + ": " + why);
        }
    }
}
