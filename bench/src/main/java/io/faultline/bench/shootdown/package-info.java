/** The benchmarks {@code remap-cost} and {@code munmap}: what flushes cost, in virtual time, beside what was published. */
@NullMarked
package io.faultline.bench.shootdown;

import org.jspecify.annotations.NullMarked;
