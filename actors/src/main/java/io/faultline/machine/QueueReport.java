package io.faultline.machine;

/**
 * How deep a kind of queue became.
 *
 * @param name whose queues, by the actor's kind: memslot, handler, fetcher, shootdown …
 * @param depthPeak the most entries any one of them held at once
 * @param depthLimit its bound, which that must never exceed
 */
public record QueueReport(String name, long depthPeak, long depthLimit) {}
