package io.faultline.workload;

import io.faultline.time.SplitMix;

/** Every vCPU accesses any page of the memory, each as likely as the others. */
record RandomWorkload() implements Workload {
    @Override
    public String name() {
        return "random";
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        return new Draw(shape, vcpu);
    }

    private static final class Draw extends DealtSequence {
        private final SplitMix random;
        private final long pages;

        Draw(WorkloadShape shape, int vcpu) {
            super(shape, vcpu);
            random = pageRandom(shape, vcpu);
            pages = shape.pages();
        }

        @Override
        protected long nextPage() {
            // Lemire's multiplication without its rejection: the bias is below pages / 2^64.
            return Math.unsignedMultiplyHigh(random.nextLong(), pages);
        }
    }
}
