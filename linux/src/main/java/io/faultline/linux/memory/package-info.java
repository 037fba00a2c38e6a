/**
 * Memory that a userfaultfd may watch, and what the kernel tells of it. Java code never touches it:
 * {@link io.faultline.linux.memory.NativeRegion} says why, and offers system calls instead.
 */
@NullMarked
package io.faultline.linux.memory;

import org.jspecify.annotations.NullMarked;
