package io.faultline.shootdown;

import java.util.List;

/**
 * What waited for its release before it could be used again.
 *
 * @param framesPeak the most frames at once
 * @param rangeBytesPeak the most bytes of address ranges at once
 * @param slotNanos how much time each entry of {@code framesOverTime} stands for
 * @param framesOverTime the most frames in each slot, from the beginning
 * @param rangeBytesOverTime the same of address ranges
 */
public record QuarantineReport(long framesPeak, long rangeBytesPeak, long slotNanos, List<Long> framesOverTime,
        List<Long> rangeBytesOverTime) {}
