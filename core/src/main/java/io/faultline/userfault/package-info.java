/**
 * userfaultfd as Linux 6.18 behaves: a port on which faults are raised, read as messages and resolved.
 *
 * <p>{@link io.faultline.userfault.UserfaultPort} is one userfaultfd, simulated or real;
 * {@link io.faultline.userfault.SimulatedUserfaultPort} is the simulated one, a plain object over an
 * {@link io.faultline.space.AddressSpace}. Errors are values ({@link io.faultline.userfault.IoctlResult}), never
 * exceptions: a handler lives on them. Numbers of features, modes, events and ioctls are the kernel's.
 *
 * <p>Each operation has a small package-private class of its own; what they share (range validation, making a page
 * present) is beside them, and {@code WaitQueue} holds the halted vCPUs.
 *
 * <p>Source of the semantics: ioctl_userfaultfd(2), userfaultfd(2), and fs/userfaultfd.c and mm/userfaultfd.c of
 * Linux 6.18, as measured.
 */
@NullMarked
package io.faultline.userfault;

import org.jspecify.annotations.NullMarked;
