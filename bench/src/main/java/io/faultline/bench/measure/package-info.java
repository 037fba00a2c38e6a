/**
 * How contenders are measured against each other: each in a JVM of its own, warmed up the same way, taking turns, and
 * summed up by medians. Knows nothing of what they do.
 */
@NullMarked
package io.faultline.bench.measure;

import org.jspecify.annotations.NullMarked;
