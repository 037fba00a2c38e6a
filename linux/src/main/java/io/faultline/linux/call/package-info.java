/**
 * System calls of Linux through java.lang.foreign: the only place that links to native code.
 *
 * <p>Every call is a static method with the name and the arguments of its manual page. It answers what the call
 * answered, or the negative errno: {@code -11} is EAGAIN. Memory that a userfaultfd watches is given as a number and
 * never as a {@link java.lang.foreign.MemorySegment}, because Java code must not touch it ({@code NativeRegion} says
 * why). No call is linked as {@code critical}: a critical downcall holds every safepoint up while it blocks.
 *
 * <p>Any thread may call; each has its own place for errno. A virtual thread holds its carrier while it is in a call.
 * Numbers and layouts are those of x86-64 with glibc.
 */
@NullMarked
package io.faultline.linux.call;

import org.jspecify.annotations.NullMarked;
