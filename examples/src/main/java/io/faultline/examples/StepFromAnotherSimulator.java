package io.faultline.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.memory.PageSize;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;

/**
 * Another simulator steps a machine in virtual time. Its event loop is the usual one, a queue ordered by time; the
 * machine is one more place where the next event may come from, so that both share one clock. What is simulated: a
 * network card whose packets a vCPU stores into a ring of guest pages, and answers when they are stored.
 */
public final class StepFromAnotherSimulator {
    private record Event(long atNanos, Runnable action) {}

    private static final long SOURCE_LATENCY_NANOS = 100_000;
    private static final long PACKET_EVERY_NANOS = 30_000;
    private static final int RING_PAGES = 8;
    private static final int PACKETS = 16;

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atNanos));
    private final List<Long> answerNanos = new ArrayList<>();

    private StepFromAnotherSimulator() {}

    /** Runs it. */
    public static void main(String[] args) {
        run(System.out);
    }

    /** Returns how long each packet took to be answered, in the order of the answers. */
    static List<Long> run(PrintStream out) {
        MachineSpec machine = MachineSpec.builder()
                .vcpus(PACKETS)
                .memory(MemorySize.mebibytes(1))
                .memslots(4)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(SOURCE_LATENCY_NANOS))
                .build();
        StepFromAnotherSimulator simulator = new StepFromAnotherSimulator();
        try (OpenMachine open = World.virtual(1).open(machine)) {
            for (int packet = 0; packet < PACKETS; packet++) {
                int number = packet;
                long arrivalNanos = open.nowNanos() + packet * PACKET_EVERY_NANOS;
                simulator.events.add(new Event(arrivalNanos, () -> simulator.arrive(number, open, out)));
            }
            simulator.drive(open);
        }
        return simulator.answerNanos;
    }

    // snippet: drive
    private void drive(OpenMachine open) {
        while (answerNanos.size() < PACKETS) {
            Event own = events.peek();
            long ownNanos = own == null ? Long.MAX_VALUE : own.atNanos();
            open.advanceTo(Math.min(ownNanos, open.nextEventNanos()));
            if (own != null && ownNanos == open.nowNanos()) {
                events.remove(own);
                own.action().run();
            }
        }
    }

    private void arrive(int packet, OpenMachine open, PrintStream out) {
        long arrivedNanos = open.nowNanos();
        long gpa = packet % RING_PAGES * PageSize.BASE_BYTES;
        open.access(packet, gpa, Access.WRITE, stored -> {
            answerNanos.add(open.nowNanos() - arrivedNanos);
            out.printf("packet %2d arrived at %,9d ns, stored after %,7d ns%n", packet, arrivedNanos,
                    stored.latencyNanos());
        });
    }
    // end snippet
}
