package io.faultline.linux.userfault;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.time.NanoClock;

/**
 * A second hold on a userfaultfd. The kernel unregisters everything when the last descriptor goes, wakes who waits, and
 * gives them zero pages (cloud-hypervisor #8657). So whoever outlives a handler keeps one: while it is held they wait, and a
 * replacement goes on with {@link #adopt}, or {@link io.faultline.userfault.FailClosed} poisons what is left.
 *
 * <p>Not thread-safe. Hold it no longer than somebody may still serve: what nobody serves hangs.
 */
public final class DescriptorKeeper implements AutoCloseable {
    private static final int NONE = -1;

    private final long features;
    private int descriptor;

    DescriptorKeeper(int descriptor, long features) {
        this.descriptor = descriptor;
        this.features = features;
    }

    /**
     * A new port over the same userfaultfd, with its registrations, its waiters and their unread messages.
     *
     * @param clock tells when messages were read
     * @return the port, with a descriptor of its own
     * @throws LinuxCallException when there are too many descriptors
     * @throws IllegalStateException when the keeper is closed
     */
    public NativeUserfaultPort adopt(NanoClock clock) {
        if (descriptor == NONE) {
            throw new IllegalStateException("the keeper is closed");
        }
        int second = FileCalls.duplicate(descriptor);
        LinuxCallException.check(second, "duplicating a userfaultfd");
        return NativeUserfaultPort.adopt(second, features, clock);
    }

    /** Lets go. When no port holds the userfaultfd any more, everything is unregistered. */
    @Override
    public void close() {
        if (descriptor != NONE) {
            FileCalls.close(descriptor);
            descriptor = NONE;
        }
    }
}
