/**
 * Proof that no page was lost, mixed up or torn: every write is counted outside the guest's memory and added to a word
 * inside it, and every read compares the two, and the rest of the page with its source.
 */
@NullMarked
package io.faultline.verify;

import org.jspecify.annotations.NullMarked;
