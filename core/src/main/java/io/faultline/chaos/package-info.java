/**
 * Failures on purpose: which kinds there are, how often each happens, and which operation it hits. All of it is decided by
 * the seed and by what is done, never by when or on which thread, so that a run in virtual time fails the same way twice.
 * What to do about a failure is the actors' affair.
 */
@NullMarked
package io.faultline.chaos;

import org.jspecify.annotations.NullMarked;
