/** The benchmark {@code fault-ring}: faults per second of the real machine, side by side with its peers. */
@NullMarked
package io.faultline.bench.ring;

import org.jspecify.annotations.NullMarked;
