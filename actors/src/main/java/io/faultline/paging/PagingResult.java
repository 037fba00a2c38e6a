package io.faultline.paging;

/**
 * What one point of the paging-rate experiment gave.
 *
 * @param point which one
 * @param pagesPerSecond over all vCPUs, per virtual second, until the last has touched its last page
 * @param virtualNanos how long that took
 * @param traceHash of everything that happened: the same for the same arguments
 */
public record PagingResult(PagingRate point, double pagesPerSecond, long virtualNanos, long traceHash) {}
