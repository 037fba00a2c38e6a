/**
 * Sweeps of flush policies: what is to be run ({@link io.faultline.lab.sweep.SweepPlan}), the runs side by side with a
 * journal from which a killed sweep goes on, and what they come to ({@link io.faultline.lab.sweep.SweepResult}): figures
 * with their uncertainty, winners, Pareto fronts. Knows nothing of the command line; tables, JSON and pages are made from
 * the result elsewhere.
 */
@NullMarked
package io.faultline.lab.sweep;

import org.jspecify.annotations.NullMarked;
