/**
 * Staging: host-virtual ranges that belong to nobody's guest, where a page fetcher receives pages that are then moved into
 * the application's range (UFFDIO_MOVE), and where pages moved out of it wait to be saved. A range that a page was moved
 * out of may not be received into again before every CPU that wrote there has flushed its translations (race R9).
 */
@NullMarked
package io.faultline.staging;

import org.jspecify.annotations.NullMarked;
