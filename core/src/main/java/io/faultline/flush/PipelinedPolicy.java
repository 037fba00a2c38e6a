package io.faultline.flush;

import java.util.Set;

/**
 * P20: eviction as a pipeline. While the CPUs acknowledge batch i, batch i+1 is unmapped, and the frames of batch i-1 are
 * given back; nobody waits for a flush unless so many batches are on their way that the pipeline is full. The frames of a
 * batch are freed after its own acknowledgements.
 *
 * <p>Source: Pan et al., "Scalable Far Memory: Balancing Faults and Evictions" (MAGE), SOSP 2025. The sizes are not the
 * paper's.
 *
 * @param ranges a batch is flushed when it has so many, or when its operation ends
 * @param depth how many batches may wait for acknowledgements at once
 * @param flusher does the flushing
 */
public record PipelinedPolicy(int ranges, int depth, FlushPolicy flusher) implements LayeredPolicy {
    /** Unmapped ranges of a batch. */
    public static final int DEFAULT_RANGES = 64;

    /** Batches waiting for acknowledgements. */
    public static final int DEFAULT_DEPTH = 2;

    private static final FlushContract OWN = new FlushContract(Set.of(ChangeKind.UNMAP), Set.of(),
            new FlushContract.Staleness.UntilReuse(), Set.of());

    /** Checks the numbers. */
    public PipelinedPolicy {
        if (ranges < 1 || depth < 1) {
            throw new IllegalArgumentException(
                    "a pipeline of " + depth + " batches of " + ranges + " ranges; at least 1 of each is needed");
        }
    }

    @Override
    public PipelinedPolicy over(FlushPolicy policy) {
        return new PipelinedPolicy(ranges, depth, policy);
    }

    @Override
    public String name() {
        return "pipelined";
    }

    @Override
    public FlushContract contract() {
        return OWN.over(flusher.contract());
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new GatheringInitiator(flusher, id, domain, port) {
            @Override
            protected boolean gathers(FlushRequest request) {
                return OWN.mayDefer(request) && request.pagesPresent() > 0;
            }

            @Override
            protected boolean hasRoom() {
                return batches() < depth;
            }

            @Override
            protected boolean isDue(FlushRequest latest) {
                return waiting() == ranges;
            }

            @Override
            public void operationEnds(long operation) {
                close();
                super.operationEnds(operation);
            }
        };
    }
}
