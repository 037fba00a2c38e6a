package io.faultline.machine;

/**
 * What the page fetchers read.
 *
 * @param reads calls to the page source
 * @param bytes bytes those brought
 * @param errors reads that failed, were short or went unanswered
 * @param inFlightPeak the most pages in flight at once, over all fetchers
 * @param inFlightLimit what that must never exceed
 */
public record IoReport(long reads, long bytes, long errors, long inFlightPeak, long inFlightLimit) {}
