/**
 * The benchmark {@code virtual-loop}: events per second of the virtual world's loop, side by side with the event loop a
 * good engineer writes by hand.
 */
@NullMarked
package io.faultline.bench.loop;

import org.jspecify.annotations.NullMarked;
