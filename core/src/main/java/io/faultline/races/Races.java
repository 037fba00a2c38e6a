package io.faultline.races;

import java.util.List;

import io.faultline.explore.Scenario;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/** The races that come with Faultline, by name. */
public final class Races {
    private static final Registry<Scenario> REGISTRY = new Registry<>(
            "race",
            List.of(
                    plain(new EexistTakenForWoken()),
                    plain(new EagainRetriedWithoutReading()),
                    plain(new PagefaultBeforeItsRemove()),
                    plain(new StalePageAfterRemove()),
                    plain(new WakeLostBeforeWait()),
                    plain(new CloseWithWaiters()),
                    plain(new InstallAfterReplacement()),
                    plain(new PartialCopyForgotten()),
                    plain(new MremapAgainstTruncate()),
                    plain(new MprotectAgainstReclaim()),
                    plain(new ZapAgainstZap()),
                    plain(new DirtyBitAgainstMadvFree()),
                    plain(new WriteProtectAgainstCopy.ByUnprotecting()),
                    plain(new WriteProtectAgainstCopy.FourCpus()),
                    plain(new SwitchingCpuSkipped()),
                    plain(new PreemptedMidInstruction()),
                    plain(new GenerationReorder()),
                    plain(new EarlyAckOfFreedTables()),
                    plain(new RingRangeRecycled()),
                    plain(new RingDefersMoveOut())));

    private Races() {}

    private static Registration<Scenario> plain(Scenario scenario) {
        return Registration.plain(scenario.name(), scenario.description(), scenario);
    }

    /** Returns every race that can be chosen by name. */
    public static Registry<Scenario> registry() {
        return REGISTRY;
    }
}
