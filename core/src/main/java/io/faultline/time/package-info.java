/**
 * Where time and chance come in: the clock everything is handed and the generator every random choice is drawn from.
 * Nothing outside this package reads a wall clock or an unseeded generator, so that one seed gives one trace.
 */
@NullMarked
package io.faultline.time;

import org.jspecify.annotations.NullMarked;
