/**
 * Physical memory and the tables that map it: page sizes, page-table entries, radix page tables that any number of
 * walkers read without locks, frames with their references and their quarantine, and the contents of frames.
 *
 * <p>
 * This is the bottom of the memory model; it knows nothing of address spaces, guests or faults.
 */
@NullMarked
package io.faultline.memory;

import org.jspecify.annotations.NullMarked;
