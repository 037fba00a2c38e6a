/**
 * The worlds themselves. Virtual: one loop on one thread that runs Pekko's mailboxes in a seeded order and owns the
 * clock ({@link io.faultline.world.internal.VirtualLoop}). Threads: lanes that take no time and one timer thread of our
 * own ({@link io.faultline.world.internal.DeliveryTimer}), because Pekko's timers are milliseconds off. Not API.
 */
@NullMarked
package io.faultline.world.internal;

import org.jspecify.annotations.NullMarked;
