package io.faultline.bench.ring;

import java.util.List;
import java.util.Locale;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.peer.BareHalts;
import io.faultline.bench.peer.BareRings;
import io.faultline.bench.peer.ExecutorPeer;
import io.faultline.bench.peer.JobShape;
import io.faultline.bench.peer.VirtualThreadPeer;
import io.faultline.machine.PageContents;
import io.faultline.registry.Parameters;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/** Who takes part in {@code fault-ring}, and how each is named on a child's command line. */
enum RingContender {
    OURS("Faultline") {
        @Override
        Contender create(JobShape shape, ExecutorPeer.Pool pool) {
            return new MachineContender(shape);
        }
    },
    BARE_RING("bare Pekko rings") {
        @Override
        Contender create(JobShape shape, ExecutorPeer.Pool pool) {
            return new BareRings(shape.vcpus(), shape.accessesPerVcpu());
        }
    },
    BARE_HALTS("bare halts of Pekko actors") {
        @Override
        Contender create(JobShape shape, ExecutorPeer.Pool pool) {
            return new BareHalts(shape.vcpus(), shape.accessesPerVcpu());
        }
    },
    EXECUTOR("hand-written, executor") {
        @Override
        Contender create(JobShape shape, ExecutorPeer.Pool pool) {
            return new ExecutorPeer(shape, pool);
        }
    },
    VIRTUAL_THREADS("hand-written, virtual threads") {
        @Override
        Contender create(JobShape shape, ExecutorPeer.Pool pool) {
            return new VirtualThreadPeer(shape);
        }
    };

    private static final List<String> KEYS =
            List.of("vcpus", "sharing", "accesses-per-vcpu", "contents", "in-flight", "pool");

    private final String title;

    RingContender(String title) {
        this.title = title;
    }

    abstract Contender create(JobShape shape, ExecutorPeer.Pool pool);

    /** Whether it only sends messages: then there are no pages that could be shared. */
    boolean isBare() {
        return this == BARE_RING || this == BARE_HALTS;
    }

    String title() {
        return title;
    }

    String key() {
        return written(this);
    }

    /** What {@link #registry()} makes this contender from. */
    String text(JobShape shape, ExecutorPeer.Pool pool) {
        return key() + ":vcpus=" + shape.vcpus() + ",sharing=" + shape.sharing() + ",accesses-per-vcpu="
                + shape.accessesPerVcpu() + ",contents=" + written(shape.contents()) + ",in-flight="
                + shape.inFlight() + ",pool=" + written(pool);
    }

    static Registry<Contender> registry() {
        return new Registry<>("contender", List.of(values()).stream().map(RingContender::registration).toList());
    }

    private Registration<Contender> registration() {
        return new Registration<>(key(), title, KEYS,
                given -> create(shape(given), given.getChoice("pool", ExecutorPeer.Pool.FORK_JOIN)));
    }

    private static JobShape shape(Parameters given) {
        return new JobShape(given.getInt("vcpus", 1, 1, Integer.MAX_VALUE),
                given.getInt("sharing", 1, 1, Integer.MAX_VALUE),
                given.getInt("accesses-per-vcpu", 1, 1, Integer.MAX_VALUE),
                given.getChoice("contents", PageContents.TOKENS),
                given.getInt("in-flight", 1, 1, Integer.MAX_VALUE));
    }

    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
