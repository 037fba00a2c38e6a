/** What the parts of a fault cost, in nanoseconds, measured with JMH. */
@NullMarked
package io.faultline.bench.jmh;

import org.jspecify.annotations.NullMarked;
