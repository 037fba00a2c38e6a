package io.faultline.lab.sweep;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a plan says. In a file each has the name that its option has without the dashes. */
public enum PlanKey {
    /** Flush policies, with parameters. */
    POLICIES("strict,concurrent,early-ack,lazy,latr,access-tracking,flush-queue,pipelined,ring:size=16..64x4"),
    /** Cost profiles, by name or file. */
    PROFILES("bare-2s16c"),
    /** How many CPUs the machine has, as the guest sees them. */
    VCPUS("2,8"),
    /** How many vCPUs take turns on one CPU. */
    OVERCOMMIT("1"),
    /** What the threads do. */
    WORKLOAD("post-copy,eviction,gc-compaction,munmap-storm,server,mprotect-churn"),
    /** How many seeds each combination is run with. */
    SEEDS("3"),
    /** The first of them. */
    SEED("1"),
    /** The safety oracle: full or off. */
    ORACLE("full");

    private final String usual;

    PlanKey(String usual) {
        this.usual = usual;
    }

    /** {@return its name in a plan's file} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return what a plan that does not say has} */
    public String usual() {
        return usual;
    }

    static Optional<PlanKey> of(String key) {
        return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
    }

    static String known() {
        return Arrays.stream(values()).map(PlanKey::key).collect(Collectors.joining(", "));
    }
}
