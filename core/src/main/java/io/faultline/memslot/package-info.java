/**
 * Memslots by KVM's rules, and the second stage: the tables from guest-physical addresses to frames, kept apart from
 * the HVA table and never mapping more than it.
 */
@NullMarked
package io.faultline.memslot;

import org.jspecify.annotations.NullMarked;
