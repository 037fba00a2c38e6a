/**
 * Address spaces: what a process has mapped (VMAs over memory objects), the HVA page table, and every change to it,
 * which goes through {@link io.faultline.space.Mappings} so that all who must hear of a change do.
 */
@NullMarked
package io.faultline.space;

import org.jspecify.annotations.NullMarked;
