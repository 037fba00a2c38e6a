/** Stream stages that take the world's time instead of the wall clock's, which Pekko's own stages read. */
@NullMarked
package io.faultline.stream;

import org.jspecify.annotations.NullMarked;
