/**
 * Sizes, durations and rates as people write and read them, with their units: parsed into bytes and nanoseconds,
 * printed for reports.
 */
@NullMarked
package io.faultline.units;

import org.jspecify.annotations.NullMarked;
