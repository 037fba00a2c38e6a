/**
 * The real kernel under Faultline. {@link io.faultline.linux.LinuxSupport} tells whether this machine can.
 */
@NullMarked
package io.faultline.linux;

import org.jspecify.annotations.NullMarked;
