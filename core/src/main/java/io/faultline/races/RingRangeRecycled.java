package io.faultline.races;

import java.util.HashSet;
import java.util.Set;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.ForwardingPolicy;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R9, INTO_APP: pages received into staging ranges are moved into the application's memory, and the flush of where they came
 * from waits in a ring. A range that is received into again before that flush is written through the receiver's stale entry:
 * page N + 1 lands in page N, which the application has by now.
 *
 * <p>Breaks O3: a virtual range is reused while an entry of its old mapping lives. Neither frame is freed, so O2 has nothing
 * to say; the contract of {@code ring} exempts the stale entry itself, because nobody but the receiver can use it.
 */
final class RingRangeRecycled implements Scenario {
    private static final int STAGING = 64;

    @Override
    public String name() {
        return "r9-ring-range-recycled";
    }

    @Override
    public String description() {
        return "R9: a staging range of the deferred ring is received into again before the ring was flushed";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy ring = FlushPolicies.ring(2);
        Race race = new Race(stage, variant == Variant.FIXED ? ring : new ReleasingAtOnce(ring));
        RaceSpace mm = race.space("mm");
        RaceThread mover = race.thread("memslot", mm);
        RaceThread receiver = race.thread("fetcher", mm);
        mm.reserve(0, 2).anonymous(STAGING, 2).cachedBy(receiver, STAGING, true).cachedBy(receiver, STAGING + 1, true);

        RaceGather first = mm.gatherMoves(Direction.INTO_APP);
        RaceGather second = mm.gatherMoves(Direction.INTO_APP);
        mover.does(first.move(STAGING, 0), first.send(), second.move(STAGING + 1, 1), second.send());
        receiver.does(
                RaceStep.of("poll the socket"),
                RaceStep.of("read a header"),
                RaceStep.of("look the page up"),
                RaceStep.of("poll the socket"),
                RaceStep.of("read the page"),
                RaceStep.of("take a staging range"),
                RaceStep.until("range 0 released", first::isReleased),
                mm.reuse(STAGING, 1),
                mm.faultIn(STAGING),
                mm.write(STAGING));
    }

    /** The bug: what is complete before its flush is released then, too. */
    private static final class ReleasingAtOnce extends ForwardingPolicy {
        ReleasingAtOnce(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                private final Set<Long> released = new HashSet<>();

                @Override
                public void complete(FlushRequest request) {
                    super.complete(request);
                    release(request);
                }

                @Override
                public void release(FlushRequest request) {
                    if (released.add(request.id())) {
                        super.release(request);
                    }
                }
            });
        }
    }
}
