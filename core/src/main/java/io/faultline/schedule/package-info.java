/**
 * Which of several things that could happen next does: schedules, and the log of what they chose. Plain objects without
 * threads or clocks, used by the virtual world's loop and by whoever explores the interleavings of a scenario. A
 * {@link io.faultline.schedule.Schedule} is a value; a {@link io.faultline.schedule.Chooser} is one run of it.
 */
@NullMarked
package io.faultline.schedule;

import org.jspecify.annotations.NullMarked;
