package io.faultline.bench.ring;

import io.faultline.bench.measure.Entrant;
import io.faultline.bench.peer.JobShape;

/**
 * One line of the results: a contender with the job it does.
 *
 * @param contender who
 * @param shape which job; of a bare ring only the vCPUs and the rounds matter
 * @param isScale whether it stands in the table of scales, and not among its peers
 * @param entrant how it is started
 */
record RingEntry(RingContender contender, JobShape shape, boolean isScale, Entrant entrant) {}
