package io.faultline.races;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.ForwardingPolicy;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.race.Race;
import io.faultline.race.RaceGather;
import io.faultline.race.RaceSpace;
import io.faultline.race.RaceStep;
import io.faultline.race.RaceThread;

/**
 * R9, OUT_OF_APP: a page is moved out of the application's memory to be saved. If that flush, too, waits in the ring, the
 * application writes on through its stale entry after the page was saved, and the write is lost.
 *
 * <p>Breaks O4: a page is saved while a writable stale entry exists.
 */
final class RingDefersMoveOut implements Scenario {
    private static final int STAGING = 64;

    @Override
    public String name() {
        return "r9-ring-defers-move-out";
    }

    @Override
    public String description() {
        return "R9: the deferred ring takes a move out of the application, whose page is saved while it is still written";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        FlushPolicy ring = FlushPolicies.ring(2);
        Race race = new Race(stage, variant == Variant.FIXED ? ring : new BlindToDirection(ring));
        RaceSpace mm = race.space("mm");
        RaceThread evictor = race.thread("memslot", mm);
        RaceThread app = race.thread("vCPU", mm);
        mm.anonymous(0, 1).reserve(STAGING, 1);

        RaceGather out = mm.gatherMoves(Direction.OUT_OF_APP);
        evictor.does(RaceStep.of("choose a victim"), out.move(0, STAGING), out.send(), out.await(), mm.save(STAGING));
        app.does(
                RaceStep.of("guest code"),
                RaceStep.of("guest code"),
                mm.write(0),
                mm.write(0));
    }

    /** The bug: a move is a move, whichever way it goes. */
    private static final class BlindToDirection extends ForwardingPolicy {
        BlindToDirection(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return new ForwardingInitiator(super.initiator(id, domain, port)) {
                @Override
                public void request(FlushRequest request) {
                    super.request(FlushRequest
                            .of(request.id(), request.asid(), ChangeKind.MOVE, request.start(), request.end())
                            .direction(Direction.INTO_APP)
                            .operation(request.operation())
                            .cpu(request.cpu())
                            .pagesPresent(request.pagesPresent())
                            .changed(request.changeSequence(), request.changedNanos())
                            .build());
                }
            };
        }
    }
}
