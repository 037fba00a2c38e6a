/** The benchmark {@code paging-rate}: the KVM paging-rate experiment, beside the figures that were published. */
@NullMarked
package io.faultline.bench.paging;

import org.jspecify.annotations.NullMarked;
