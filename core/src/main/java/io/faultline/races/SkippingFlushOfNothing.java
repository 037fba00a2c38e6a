package io.faultline.races;

import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.ForwardingPolicy;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** The bug behind R2 and R3: who found nothing present takes it that nobody holds a translation, and does not flush. */
final class SkippingFlushOfNothing extends ForwardingPolicy {
    SkippingFlushOfNothing(FlushPolicy policy) {
        super(policy);
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new ForwardingInitiator(super.initiator(id, domain, port)) {
            @Override
            public void request(FlushRequest request) {
                if (request.pagesPresent() == 0) {
                    domain.space(request.asid()).changeEnds();
                    port.finish(request);
                } else {
                    super.request(request);
                }
            }
        };
    }
}
