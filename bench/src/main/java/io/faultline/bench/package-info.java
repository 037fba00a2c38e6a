/** The subcommand {@code bench}: which benchmarks there are. */
@NullMarked
package io.faultline.bench;

import org.jspecify.annotations.NullMarked;
