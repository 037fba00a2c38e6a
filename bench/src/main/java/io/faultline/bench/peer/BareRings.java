package io.faultline.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.time.NanoClock;
import io.faultline.world.internal.ThreadsSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What the messages alone cost: as many rings of actors as there are vCPUs, none connected with another, on the
 * dispatcher the machine uses. In each one message goes round, five hops a round, the way of a fault: vCPU, memslot,
 * handler, fetcher, memslot again, vCPU. A message is a constant, and nothing is done but to send the next one.
 */
public final class BareRings implements Contender {
    private static final NanoClock CLOCK = NanoClock.monotonic();
    private static final long SEED = 1;

    private final int rings;
    private final int rounds;

    /**
     * @param rings how many rings
     * @param rounds how often the message of each goes round in a run
     */
    public BareRings(int rings, int rounds) {
        this.rings = rings;
        this.rounds = rounds;
    }

    @Override
    public Work runOnce() throws InterruptedException {
        CountDownLatch spawned = new CountDownLatch(1);
        CountDownLatch turning = new CountDownLatch(rings);
        List<RingStation> vcpus = new ArrayList<>(rings);
        var guardian = guardian(vcpus, spawned, turning);
        try (var _ = ThreadsSystem.boot("bare-rings", SEED, _ -> guardian)) {
            spawned.await();
            long beganNanos = CLOCK.nanos();
            vcpus.forEach(vcpu -> vcpu.self().tell(RingHop.RESUME));
            turning.await();
            long nanos = CLOCK.nanos() - beganNanos;
            long all = (long) rings * rounds;
            return new Work(all, all, 0, nanos);
        }
    }

    private Behavior<RingHop> guardian(List<RingStation> vcpus, CountDownLatch spawned, CountDownLatch turning) {
        return Behaviors.setup(context -> {
            for (int ring = 0; ring < rings; ring++) {
                vcpus.add(ring(context, ring, turning));
            }
            spawned.countDown();
            return Behaviors.empty();
        });
    }

    private RingStation ring(ActorContext<RingHop> context, int ring, CountDownLatch turning) {
        RingStation vcpu = spawn(context, "vcpu-" + ring, new RingStation(rounds, turning::countDown));
        RingStation memslot = spawn(context, "memslot-" + ring, RingStation.passing());
        RingStation handler = spawn(context, "handler-" + ring, RingStation.passing());
        RingStation fetcher = spawn(context, "fetcher-" + ring, RingStation.passing());
        vcpu.on(RingHop.RESUME, memslot);
        memslot.on(RingHop.FAULT, handler);
        handler.on(RingHop.RESOLVE, fetcher);
        fetcher.on(RingHop.FETCH, memslot);
        memslot.on(RingHop.INSTALL, vcpu);
        return vcpu;
    }

    private static RingStation spawn(ActorContext<RingHop> context, String name, RingStation station) {
        station.self(context.spawn(station, name));
        return station;
    }
}
