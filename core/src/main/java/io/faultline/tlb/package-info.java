/**
 * A CPU's translation look-aside buffer.
 *
 * <p>A TLB is a cache that nobody keeps coherent: after a page-table entry changed it goes on answering with the old
 * translation until someone invalidates it. When that happens, and whom it is asked of, is what flush policies decide.
 */
@NullMarked
package io.faultline.tlb;

import org.jspecify.annotations.NullMarked;
