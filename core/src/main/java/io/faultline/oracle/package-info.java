/**
 * The safety oracle: a checker of invariants that watches every translation used.
 *
 * <p>It listens where translations are entered and dropped, where mappings change, where flushes complete and where frames
 * and ranges are reused, and judges by nothing else: a policy cannot talk itself out of a violation.
 */
@NullMarked
package io.faultline.oracle;

import org.jspecify.annotations.NullMarked;
