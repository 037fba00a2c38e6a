/**
 * The world {@code linux}: the actors of a machine resolve the real page faults of its vCPUs' threads.
 * {@link io.faultline.linux.world.LinuxWorld} makes it.
 */
@NullMarked
package io.faultline.linux.world;

import org.jspecify.annotations.NullMarked;
