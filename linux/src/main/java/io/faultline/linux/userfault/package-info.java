/**
 * userfaultfd of the real kernel: {@link io.faultline.linux.userfault.NativeUserfaultPort} is the twin of core's
 * simulated port, with the same results and the same errno values.
 */
@NullMarked
package io.faultline.linux.userfault;

import org.jspecify.annotations.NullMarked;
