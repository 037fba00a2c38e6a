/** The page that {@code stress --html} writes: what was run, whether it held, what happened when, and every figure. */
@NullMarked
package io.faultline.lab.stress;

import org.jspecify.annotations.NullMarked;
