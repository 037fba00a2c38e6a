/**
 * What an actor sees of the world it runs in: its clock, its lanes, timed deliveries and its dispatcher. The actors are
 * the same in every world and do not know which one they are in; the worlds themselves are in
 * {@code io.faultline.world.internal}.
 */
@NullMarked
package io.faultline.world;

import org.jspecify.annotations.NullMarked;
