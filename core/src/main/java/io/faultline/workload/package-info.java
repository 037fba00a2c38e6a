/**
 * What the vCPUs do: which page each accesses next, and whether it writes. A {@link io.faultline.workload.Workload}
 * deals the accesses out beforehand; an {@link io.faultline.workload.AccessSequence} is one vCPU's hand. Everything
 * depends on the seed and the vCPU's index alone, never on the world, a thread or the other vCPUs' progress.
 */
@NullMarked
package io.faultline.workload;

import org.jspecify.annotations.NullMarked;
