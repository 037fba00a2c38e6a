/**
 * Exploration of interleavings: a {@link io.faultline.explore.Scenario} puts scripts and channels on a
 * {@link io.faultline.explore.Stage}; a schedule and a seed decide which pending step comes next; an
 * {@link io.faultline.explore.Explorer} tries seeds until an invariant breaks, and shortens what it found.
 *
 * <p>Nothing here knows of time: any pending step may be next, subject to the order within each script, to the order of
 * each sender's messages to one receiver, and to the conditions that steps wait for. Objects of a run belong to the thread
 * that runs it.
 */
@NullMarked
package io.faultline.explore;

import org.jspecify.annotations.NullMarked;
