package io.faultline.lab;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.Durations;

/** Which options make sense in the world {@code linux}, and which make sense nowhere else. */
final class LinuxOptions {
    private static final int NEVER_EVICT = 100;
    private static final String LATER = "is not available yet in --world linux";
    private static final String KERNELS = "says nothing in --world linux: ";

    private LinuxOptions() {}

    /**
     * Checks them, before others say of an option what holds on threads.
     *
     * @return how long event loops are to spin
     * @throws InvalidInputException naming the first option that is out of place, and why
     */
    static long check(StressOptions options) {
        boolean linux = options.world.equals("linux");
        if (linux) {
            refuseWhatTheKernelDoes(options);
            refuseWhatIsToCome(options);
        }
        if (options.spin == null) {
            return 0;
        }
        refuseIf(!linux, "--spin " + options.spin, "needs --world linux: nothing else waits for a descriptor");
        return OptionValue.of("--spin", options.spin, Durations::parseNanos);
    }

    private static void refuseWhatTheKernelDoes(StressOptions options) {
        refuseIf(options.schedule != null, "--schedule " + options.schedule,
                KERNELS + "the operating system decides who runs");
        refuseIf(options.profile != null, "--profile " + options.profile,
                KERNELS + "operations take their own time");
        refuseIf(options.oracle != null && !options.oracle.equals("off"), "--oracle " + options.oracle,
                KERNELS + "nobody sees the TLBs of real CPUs");
        refuseIf(options.cpus != null, "--cpus " + options.cpus, KERNELS + "the CPUs are real ones");
        refuseIf(options.tlb != null, "--tlb " + options.tlb, KERNELS + "the TLBs are those of real CPUs");
        refuseIf(!options.flush.equals("strict") && !options.flush.startsWith("collect"), "--flush " + options.flush,
                KERNELS + "the kernel flushes before the call returns");
        refuseIf(options.contents.equals("tokens"), "--contents tokens", KERNELS + "real memory holds bytes");
    }

    private static void refuseWhatIsToCome(StressOptions options) {
        refuseIf(options.evictAbove != NEVER_EVICT, "--evict-above " + options.evictAbove, LATER);
        refuseIf(options.resolve.equals("move"), "--resolve move", LATER);
        refuseIf(options.minorFaults, "--minor-faults", LATER);
        refuseIf(!options.page.equals("4KiB"), "--page " + options.page, LATER);
    }

    private static void refuseIf(boolean condition, String option, String why) {
        if (condition) {
            throw new InvalidInputException(option + " " + why);
        }
    }
}
