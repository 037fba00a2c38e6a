package io.faultline.linux;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.linux.userfault.UserfaultOpening;
import io.faultline.memory.Errno;
import io.faultline.time.NanoClock;
import io.faultline.userfault.ApiAnswer;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultIoctls;
import org.jspecify.annotations.Nullable;

/**
 * Whether this machine can resolve real page faults, found out by trying; if not, why, and what to do. Nothing stays open.
 * May be asked on any system.
 */
public final class LinuxSupport {
    /**
     * What every region needs: faults that tell what they are, and POISON, so that a fault that cannot be resolved ends in
     * an error.
     */
    public static final long REQUIRED_FEATURES =
            UserfaultFeatures.PAGEFAULT_FLAG_WP | UserfaultFeatures.EVENT_REMOVE | UserfaultFeatures.POISON;

    private static final String SYSCTL = "vm.unprivileged_userfaultfd";

    private final @Nullable UserfaultOpening opening;
    private final long features;
    private final @Nullable String missing;

    private LinuxSupport(@Nullable UserfaultOpening opening, long features, @Nullable String missing) {
        this.opening = opening;
        this.features = features;
        this.missing = missing;
    }

    /** {@return what this machine can, tried now} */
    public static LinuxSupport probe() {
        String system = System.getProperty("os.name", "an unknown system");
        String machine = System.getProperty("os.arch", "an unknown processor");
        if (!system.equals("Linux")) {
            return lacks("this is " + system
                    + "; userfaultfd is Linux's: run it on Linux, or in --world threads or virtual");
        }
        if (!machine.toLowerCase(Locale.ROOT).equals("amd64")) {
            return lacks("this is " + machine + "; numbers and layouts of the system calls are those of x86-64 only");
        }
        try {
            return probeKernel();
        } catch (LinkageError | IllegalCallerException denied) {
            return lacks("this JVM cannot call the C library (" + rootOf(denied)
                    + "): run java with --enable-native-access=ALL-UNNAMED, on a system with glibc");
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static LinuxSupport probeKernel() {
        Map<UserfaultOpening, Errno> refusals = new EnumMap<>(UserfaultOpening.class);
        for (UserfaultOpening opening : UserfaultOpening.values()) {
            if (!opening.servesSystemCalls()) {
                continue;
            }
            Errno errno = opening.attempt();
            if (errno == Errno.OK) {
                return probeFeatures(opening);
            }
            refusals.put(opening, errno);
        }
        return lacks(refused(refusals));
    }

    private static LinuxSupport probeFeatures(UserfaultOpening opening) {
        try (NativeUserfaultPort port = NativeUserfaultPort.open(opening, NanoClock.monotonic())) {
            ApiAnswer answer = port.api(UserfaultIoctls.API_VERSION, 0);
            long lacking = REQUIRED_FEATURES & ~answer.features();
            if (lacking != 0) {
                return lacks("this kernel's userfaultfd lacks the features 0x" + Long.toHexString(lacking)
                        + " (POISON came with Linux 6.6): use a newer kernel");
            }
            return new LinuxSupport(opening, answer.features(), null);
        } catch (LinuxCallException refused) {
            return lacks(String.valueOf(refused.getMessage()));
        }
    }

    private static String refused(Map<UserfaultOpening, Errno> refusals) {
        if (refusals.get(UserfaultOpening.SYSTEM_CALL) == Errno.ENOSYS) {
            return "this kernel has no userfaultfd: use one built with CONFIG_USERFAULTFD";
        }
        return "userfaultfd(2) answers " + refusals.get(UserfaultOpening.SYSTEM_CALL) + " and "
                + UserfaultOpening.DEVICE_PATH + " " + refusals.get(UserfaultOpening.DEVICE)
                + ": run as root or with CAP_SYS_PTRACE, or have root do one of: chmod a+rw "
                + UserfaultOpening.DEVICE_PATH + "; sysctl " + SYSCTL
                + "=1 (in a container its seccomp profile may forbid the system call; hand the device in). What an"
                + " unprivileged process may open, USER_MODE_ONLY, does not serve the faults of system calls, by which"
                + " Java reaches the memory";
    }

    private static LinuxSupport lacks(String missing) {
        return new LinuxSupport(null, 0, missing);
    }

    /** {@return whether it can} */
    public boolean isAvailable() {
        return opening != null;
    }

    /**
     * What is missing and what to do, one line.
     *
     * @return the reason
     * @throws IllegalStateException when nothing is
     */
    public String missing() {
        if (missing == null) {
            throw new IllegalStateException("nothing is missing");
        }
        return missing;
    }

    /**
     * How to open userfaultfds here.
     *
     * @return the first way that is permitted and serves the faults of system calls
     * @throws IllegalStateException when there is none, with what is missing
     */
    public UserfaultOpening opening() {
        if (opening == null) {
            throw new IllegalStateException(missing);
        }
        return opening;
    }

    /** {@return the feature bits of this kernel, also ones that Faultline does not know; 0 when not available} */
    public long features() {
        return features;
    }
}
