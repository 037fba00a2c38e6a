/**
 * What flushes cost, in virtual time: threads pinned to CPUs that change the mappings of the address space they share,
 * by system calls under its locks, and the shootdowns that follow, under any flush policy and cost profile.
 *
 * <p>A {@link io.faultline.shootdown.ShootdownSpec} goes in, a {@link io.faultline.shootdown.ShootdownResult} comes out.
 * Page table, TLBs, the policy's parts, interrupts, ticks and the safety oracle are the real ones; the userfaultfd
 * protocol, page contents and scheduling of threads are left out. Single costs come from the profile and contention
 * comes out of the model.
 */
@NullMarked
package io.faultline.shootdown;

import org.jspecify.annotations.NullMarked;
