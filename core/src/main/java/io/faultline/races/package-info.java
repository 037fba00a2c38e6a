/**
 * The races that come with Faultline: each a {@link io.faultline.explore.Scenario} with its bug and its fix, driving the
 * objects that the runtime drives. {@link io.faultline.races.Races} knows them by name.
 *
 * <p>{@link io.faultline.races.RaceMemory} is the memory they play in, and {@link io.faultline.races.FaultLoop} handles its
 * faults as the runtime does; both are there for other people's scenarios too.
 */
@NullMarked
package io.faultline.races;

import org.jspecify.annotations.NullMarked;
