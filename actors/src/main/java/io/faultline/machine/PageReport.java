package io.faultline.machine;

/**
 * The pages of a run, each of the machine's page size.
 *
 * @param installed pages made present, each time anew
 * @param evicted pages saved and unmapped to make room, each time anew
 * @param saveErrors pages that could not be saved and stayed
 * @param verified reads whose bytes were compared with what they must be
 * @param corrupt those that differed: must be 0
 */
public record PageReport(long installed, long evicted, long saveErrors, long verified, long corrupt) {}
