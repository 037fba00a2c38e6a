/**
 * What operations cost in virtual time: cost profiles, HOCON files with one commented entry per operation, and where
 * each figure came from. Data only; who is charged what, and when, is the actors' matter.
 */
@NullMarked
package io.faultline.cost;

import org.jspecify.annotations.NullMarked;
