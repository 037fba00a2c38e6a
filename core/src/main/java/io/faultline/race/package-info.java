/**
 * Races of the memory management written down: threads of scripted steps on CPUs, page tables, mappings, files, locks, under
 * a real flush policy, with the safety oracle as the judge.
 *
 * <p>A {@link io.faultline.race.Race} is made on the {@link io.faultline.explore.Stage} of a scenario. Its threads
 * {@linkplain io.faultline.race.RaceThread#does do} {@linkplain io.faultline.race.RaceStep steps}, which the other objects
 * make: a {@link io.faultline.race.RaceSpace} accesses, a {@link io.faultline.race.RaceGather} changes to page tables and
 * their flush, a {@link io.faultline.race.RaceCpu} context switches and preemption, a {@link io.faultline.race.RaceLock}
 * locking. A step is what nobody can come in between of; interrupts and acknowledgements are steps of their own, delivered at
 * any moment at which the CPU takes them.
 *
 * <p>Everything belongs to one run and to the thread that plays it.
 */
@NullMarked
package io.faultline.race;

import org.jspecify.annotations.NullMarked;
