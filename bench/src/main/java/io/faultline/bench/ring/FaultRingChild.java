package io.faultline.bench.ring;

import io.faultline.bench.measure.Measuring;
import io.faultline.units.Durations;

/** The main class of a contender's JVM. */
final class FaultRingChild {
    private FaultRingChild() {}

    /**
     * Measures one contender and prints the measurement.
     *
     * @param args the contender as {@link RingContender#text} writes it, the warm-up and the measured time, with units
     * @throws Exception as the contender
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "expected CONTENDER WARM-UP MEASURED, got " + args.length + " arguments");
        }
        System.out.println(Measuring.measure(RingContender.registry().create(args[0]),
                Durations.parseNanos(args[1]), Durations.parseNanos(args[2])).line());
        System.exit(0); // Whatever threads a contender left.
    }
}
