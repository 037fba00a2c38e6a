package io.faultline.bench.loop;

import java.util.List;

import io.faultline.bench.measure.Measuring;
import io.faultline.units.Durations;

/** The main class of a contender's JVM. */
final class LoopChild {
    private LoopChild() {}

    /**
     * Measures one contender and prints the measurement.
     *
     * @param args the contender's {@link LoopContender#arguments}, the warm-up and the measured time, with units
     * @throws Exception as the contender
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 6) {
            throw new IllegalArgumentException(
                    "expected CONTENDER ENTITIES EVENTS SCHEDULE WARM-UP MEASURED, got " + args.length + " arguments");
        }
        System.out.println(Measuring.measure(LoopContender.of(List.of(args).subList(0, 4)),
                Durations.parseNanos(args[4]), Durations.parseNanos(args[5])).line());
    }
}
