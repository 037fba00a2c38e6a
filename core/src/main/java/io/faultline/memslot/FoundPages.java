package io.faultline.memslot;

/**
 * What an operation found present in a second stage before it took it back, in base pages.
 *
 * @param present
 *            how many
 * @param cached
 *            those of them that a TLB may hold: accessed since the last flush that is known to have covered them
 * @param writable
 *            those of them that were writable or dirty
 */
public record FoundPages(long present, long cached, long writable) {}
