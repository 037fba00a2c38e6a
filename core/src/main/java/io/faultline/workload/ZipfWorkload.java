package io.faultline.workload;

import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;

import org.jspecify.annotations.Nullable;

/**
 * Every vCPU draws pages by Zipf's law: the page of rank k is accessed in proportion to k<sup>-s</sup>. All vCPUs have
 * the same hot pages; which ones they are depends on the seed, and they are spread over the memory.
 */
final class ZipfWorkload implements Workload {
    /** Beyond it every access would be to one page, and the arithmetic would end in zeros and infinities. */
    static final double MOST_EXPONENT = 100;

    private final double exponent;
    /** What all vCPUs of a run share; another run replaces it, and a race only computes it twice. */
    private volatile @Nullable Hotness latest;

    ZipfWorkload(double exponent) {
        if (!(exponent > 0 && exponent <= MOST_EXPONENT)) {
            throw new InvalidInputException(
                    "zipf's exponent must be more than 0 and at most " + MOST_EXPONENT + ", not " + exponent);
        }
        this.exponent = exponent;
    }

    @Override
    public String name() {
        return "zipf:" + exponent;
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        Hotness hotness = latest;
        if (hotness == null || !hotness.fits(shape)) {
            hotness = new Hotness(shape.pages(), shape.seed(), exponent);
            latest = hotness;
        }
        return new Draw(hotness, shape, vcpu);
    }

    private static final class Hotness {
        private final long pages;
        private final long seed;
        private final ZipfRanks ranks;
        private final PageScramble scramble;

        Hotness(long pages, long seed, double exponent) {
            this.pages = pages;
            this.seed = seed;
            ranks = new ZipfRanks(pages, exponent);
            scramble = new PageScramble(pages, seed);
        }

        boolean fits(WorkloadShape shape) {
            return shape.pages() == pages && shape.seed() == seed;
        }
    }

    private static final class Draw extends DealtSequence {
        private final Hotness hotness;
        private final SplitMix random;

        Draw(Hotness hotness, WorkloadShape shape, int vcpu) {
            super(shape, vcpu);
            this.hotness = hotness;
            random = pageRandom(shape, vcpu);
        }

        @Override
        protected long nextPage() {
            return hotness.scramble.page(hotness.ranks.next(random) - 1);
        }
    }
}
